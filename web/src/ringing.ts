// While the phone rings the tab says so, and the system does, for who looks elsewhere.
import { effect } from "@preact/signals";
import { language, say } from "./words";

let told: Notification | null = null;

// Asked with the click that starts the shift: browsers take no other moment. Refused, the tab's title is what there is.
export function mayNotify(): void {
  if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission().catch(() => {});
}

export function tellOfRinging(ringing: () => number, caller: () => string): void {
  effect(() => {
    const count = ringing();
    document.title = `${count ? `(${count}) ☎ ` : ""}${say("title")} · Kommutator`;
    if (!count) close();
  });
  effect(() => { if (ringing()) notify(caller()); });
}

function notify(caller: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  told?.close();
  told = new Notification(say("incoming"), { body: caller, tag: "kommutator-call", requireInteraction: true, lang: language.peek() });
  told.onclick = () => { window.focus(); close(); };
}

function close(): void {
  told?.close();
  told = null;
}
