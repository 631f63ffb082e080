// A phone in the page: SIP over WebSocket (JsSIP), one call at a time. What it is doing is in signals.
import { signal } from "@preact/signals";
import { UA, WebSocketInterface } from "jssip";
import { socketUrl } from "./api";

export interface Credentials { user: string; password: string; realm: string; path: string }
export type Stage = "idle" | "ringing" | "calling" | "talking";

const GATHERING = 1_000; // ms: with ICE servers JsSIP waits 40 s for candidates that never come
const WATCHDOG = 15_000; // ms between looks whether the phone is still registered

export class PhoneLine {
  readonly registered = signal(false);
  readonly stage = signal<Stage>("idle");
  readonly muted = signal(false);
  readonly held = signal(false);
  readonly trouble = signal("");
  onrefused: () => void = () => {};
  #ua: UA | null = null;
  // eslint-disable-next-line
  #session: any = null;
  #audio = new Audio();
  #watch = 0;
  #microphone: MediaStream | null = null;

  async microphone(): Promise<MediaStream> {
    const track = this.#microphone?.getAudioTracks()[0];
    if (!this.#microphone || track?.readyState !== "live")
      this.#microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    return this.#microphone;
  }

  start(given: Credentials, shown = "", register = true): void {
    this.stop();
    const domain = given.realm;
    const ua = new UA({
      sockets: [new WebSocketInterface(socketUrl(given.path))],
      uri: `sip:${given.user}@${domain}`,
      contact_uri: `sip:${given.user}@${domain};transport=ws`,
      display_name: shown,
      password: given.password,
      realm: domain,
      register,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
    } as never);
    this.#ua = ua;
    ua.on("registered", () => { this.registered.value = true; this.trouble.value = ""; });
    ua.on("unregistered", () => (this.registered.value = false));
    ua.on("connected", () => { if (!register) this.registered.value = true; });
    ua.on("disconnected", () => (this.registered.value = false));
    ua.on("registrationFailed", () => { this.registered.value = false; setTimeout(() => this.onrefused(), 1_000); });
    ua.on("newRTCSession", (event: any) => this.#take(event.session, event.originator));
    ua.start();
    this.#watch = window.setInterval(() => { if (register && ua.isConnected() && !ua.isRegistered()) ua.register(); }, WATCHDOG);
  }

  stop(): void {
    clearInterval(this.#watch);
    this.#ua?.stop();
    this.#ua = null;
    this.registered.value = false;
  }

  async call(number: string): Promise<void> {
    const mediaStream = await this.microphone();
    this.#ua?.call(`sip:${number}@${this.#ua.configuration.realm}`, { mediaStream, rtcOfferConstraints: { offerToReceiveAudio: true } } as never);
  }

  async answer(): Promise<void> {
    if (this.stage.value !== "ringing") return;
    try {
      this.#session.answer({ mediaStream: await this.microphone() });
    } catch (error) {
      this.trouble.value = String(error);
    }
  }

  hangUp(): void {
    const session = this.#session;
    if (!session) return;
    try {
      session.terminate(this.stage.value === "ringing" ? { status_code: 603, reason_phrase: "Decline" } : undefined);
    } catch { /* over already */ }
  }

  mute(): void {
    if (!this.#session) return;
    if (this.muted.value) this.#session.unmute({ audio: true });
    else this.#session.mute({ audio: true });
    this.muted.value = !this.muted.value;
  }

  hold(): void {
    if (!this.#session || this.stage.value !== "talking") return;
    if (this.held.value) this.#session.unhold();
    else this.#session.hold();
  }

  key(digit: string): void {
    if (this.stage.value !== "talking") return;
    this.#session.sendDTMF(digit, { transportType: "RFC2833", duration: 120, interToneGap: 80 });
  }

  #take(session: any, originator: string): void {
    if (this.#session) { session.terminate({ status_code: 486 }); return; }
    this.#session = session;
    this.stage.value = originator === "remote" ? "ringing" : "calling";
    session.on("icecandidate", (event: any) => setTimeout(() => event.ready(), GATHERING));
    session.on("accepted", () => (this.stage.value = "talking"));
    session.on("confirmed", () => (this.stage.value = "talking"));
    session.on("hold", () => (this.held.value = true));
    session.on("unhold", () => (this.held.value = false));
    for (const over of ["ended", "failed"]) session.on(over, () => this.#over(session));
    const heard = (connection: RTCPeerConnection) =>
      connection.addEventListener("track", (event) => {
        this.#audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
        void this.#audio.play();
      });
    if (session.connection) heard(session.connection);
    session.on("peerconnection", (event: any) => heard(event.peerconnection));
  }

  #over(session: unknown): void {
    if (this.#session !== session) return;
    this.#session = null;
    this.stage.value = "idle";
    this.muted.value = this.held.value = false;
  }
}
