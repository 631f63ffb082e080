declare module "jssip" {
  export class UA {
    constructor(settings: never);
    configuration: { realm: string };
    start(): void; stop(): void; register(): void; isConnected(): boolean; isRegistered(): boolean;
    call(target: string, options: never): unknown;
    on(event: string, heard: (event: never) => void): void;
  }
  export class WebSocketInterface { constructor(url: string); }
}
