// The shift: who works here, the phone that this page is meanwhile, and its end, which waits for the end of a call.
import { effect, signal } from "@preact/signals";
import { ask, Refused } from "./api";
import { operators, page } from "./live";
import { PhoneLine, type Credentials } from "./phone_line";
import { say } from "./words";

export interface Person { user: string; name: string; role: string }

export const person = signal<Person | null>(null);
export const onShift = signal(false);
export const ending = signal(false);
export const notice = signal("");
export const line = new PhoneLine();

const RETRY = 5_000; // ms
const TRIES = 5; // to give the phone back: after that the server does, a while after this page has gone
const signedOut = signal(false);
let release: (() => void) | null = null;

export const told = (error: unknown) =>
  (notice.value = error instanceof Refused ? error.message : error instanceof DOMException ? say("micNeeded") : String(error));

const mine = (path: string) => `/operators/${person.value!.user}/${path}`;
const inCall = () => line.stage.value !== "idle" || Boolean(operators.value[person.value?.user ?? ""]?.call);

async function credentials(): Promise<void> {
  if (!onShift.value || !person.value) return;
  try {
    line.start(await ask<Credentials>("POST", mine(`browser-phone?page=${page}`)));
  } catch (error) {
    told(error);
    setTimeout(() => void credentials(), RETRY);
  }
}
line.onrefused = () => void credentials();

// One tab owns the phone: the browser's own lock, which a closed tab lets go of.
function own(): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request("kommutator-phone", { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>((done) => (release = done));
    });
  });
}

export async function startShift(): Promise<void> {
  notice.value = "";
  if (!(await own())) { notice.value = say("secondTab"); return; }
  try {
    await line.microphone();
    onShift.value = true;
    await credentials();
    await ask("POST", mine("ready"));
  } catch (error) {
    told(error);
    await letGo();
  }
}

// What waits for the end of a call changes no state yet, so the live changes do not tell of it: the answer does.
async function become(state: string, body?: unknown): Promise<void> {
  const answer = await ask<{ call: string | null; not_ready_after_call: string | null }>("POST", mine(state), body);
  const now = operators.value[person.value!.user];
  if (!now) return;
  operators.value = { ...operators.value, [now.id]: { ...now, call: answer.call, pause: answer.not_ready_after_call } };
}

export async function ready(): Promise<void> {
  ending.value = false;
  await become("ready").catch(told);
}

export async function pause(reason: string): Promise<void> {
  ending.value = false;
  await become("not-ready", { reason }).catch(told);
}

export async function endShift(): Promise<void> {
  try {
    await become("not-ready", { reason: "shift ended" });
    ending.value = true;
  } catch (error) { told(error); }
}
effect(() => { if (ending.value && !inCall()) void letGo(); });

async function letGo(): Promise<void> {
  ending.value = false;
  stopPhone();
  for (let tries = 1; tries <= TRIES && person.value; tries++) {
    try {
      await ask("DELETE", mine("browser-phone"));
      break;
    } catch (error) {
      told(error);
      await new Promise((done) => setTimeout(done, RETRY));
    }
  }
  onShift.value = false;
}

function stopPhone(): void {
  line.stop();
  release?.();
  release = null;
}

export async function signOut(): Promise<void> {
  if (inCall()) { notice.value = say("callFirst"); return; }
  try {
    await ask("DELETE", "/session"); // the server ends the shift and gives the phone back
    sessionOver();
  } catch (error) { told(error); }
}

export function sessionOver(): void {
  signedOut.value = true;
}
effect(() => {
  if (!signedOut.value || line.stage.value !== "idle") return;
  signedOut.value = ending.value = onShift.value = false;
  stopPhone();
  notice.value = "";
  person.value = null;
});
