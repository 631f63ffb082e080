// The live changes: one picture, kept true by numbered changes; a lost connection goes on where it was.
import { signal } from "@preact/signals";
import { socketUrl } from "./api";

export interface OperatorNow { id: string; state: string; reason: string; since: number; call: string | null; pause: string | null }
export interface QueueNow { name: string; waiting: number; longest_wait: number; ready: number; talking: number; offered: number }
export interface CallNow {
  id: string; ticket: number; stage: string; caller: string; line: string; region: string; language: string; section: string;
  category: string; path: string[]; identification: { kind: string; masked: string }[]; queue: string;
  waiting_since: string | null; started: string; operator: string; why: { ru?: string; en?: string }; priority: number | null;
}

export const page = crypto.randomUUID(); // by which the server knows whose phone goes when this page does
export const connected = signal(false);
export const operators = signal<Record<string, OperatorNow>>({});
export const queues = signal<QueueNow[]>([]);
export const calls = signal<Record<string, CallNow>>({});
export const popped = signal(0);

const byId = <T extends { id: string }>(all: T[]) => Object.fromEntries(all.map((each) => [each.id, each]));

function changed<T>(all: Record<string, T>, id: string, value: T | null): Record<string, T> {
  const { [id]: _, ...others } = all;
  return value ? { ...others, [id]: value } : others;
}

export function listen(signedOut: () => void): () => void {
  let run = "", seq = 0, ended = false, wait = 250;
  let socket: WebSocket;
  const connect = () => {
    socket = new WebSocket(socketUrl(`/api/v1/live?run=${run}&after=${seq}&page=${page}`));
    socket.onmessage = (event) => {
      const told = JSON.parse(event.data);
      connected.value = true;
      wait = 250;
      seq = told.seq;
      if (told.type === "reset") {
        run = told.run;
        operators.value = byId(told.operators);
        queues.value = told.queues;
        calls.value = byId(told.calls);
      } else if (told.type === "operator") operators.value = changed(operators.value, told.id, told.operator);
      else if (told.type === "queues") queues.value = told.queues;
      else if (told.type === "call") {
        calls.value = changed(calls.value, told.id, told.call);
        if (told.call?.stage === "ringing") popped.value = performance.now();
      }
    };
    socket.onclose = (event) => {
      connected.value = false;
      if (event.code === 4401) signedOut();
      else if (!ended) setTimeout(connect, (wait = Math.min(wait * 2, 8_000)));
    };
  };
  connect();
  return () => { ended = true; socket.close(); };
}
