// The keys of the desk: which key does what, kept by the browser; any of them can be another one.
import { signal } from "@preact/signals";

export const ACTS = ["answer", "hangUp", "hold", "mute"] as const;
export type Act = (typeof ACTS)[number];
type Keys = Record<Act, string>;

const USUAL: Keys = { answer: "KeyA", hangUp: "KeyR", hold: "KeyH", mute: "KeyM" };
const KEPT = "desk-keys";
const ASSIGNABLE = /^(Key[A-Z]|Digit[0-9]|F([1-9]|1[0-2]))$/; // Tab, Enter, Space and arrows move in the page

export const keys = signal<Keys>(kept());
export const shown = signal(false); // the list of the keys
export const changing = signal<Act | null>(null); // the next key that is pressed becomes this one's
export const taken = signal(""); // the key that was pressed for it, and cannot be

function kept(): Keys {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Keys>;
    const read = { ...USUAL };
    for (const act of ACTS) if (ASSIGNABLE.test(found[act] ?? "")) read[act] = found[act]!;
    return new Set(Object.values(read)).size === ACTS.length ? read : USUAL;
  } catch {
    return USUAL;
  }
}

export function keyName(code: string): string {
  return code.replace(/^(Key|Digit)/, "");
}

export function asUsual(): void {
  changing.value = null;
  taken.value = "";
  keys.value = USUAL;
  localStorage.removeItem(KEPT);
}

function assign(act: Act, code: string): void {
  const other = ACTS.some((each) => each !== act && keys.value[each] === code);
  taken.value = other || !ASSIGNABLE.test(code) ? keyName(code) : "";
  if (taken.value) return;
  keys.value = { ...keys.value, [act]: code };
  changing.value = null;
  localStorage.setItem(KEPT, JSON.stringify(keys.value));
}

// What is typed elsewhere than into a field does something: the places of the keys count, not the letters on them.
export function listenToKeys(does: Record<Act, () => void>): void {
  addEventListener("keydown", (event) => {
    if (/INPUT|SELECT|TEXTAREA/.test((event.target as HTMLElement).tagName)) return;
    if (event.key === "Escape") {
      changing.value = null;
      taken.value = "";
    } else if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    else if (event.key === "?" || (event.shiftKey && event.code === "Slash")) shown.value = !shown.value; // "," on Russian keyboards
    else if (changing.value && !["Tab", "Enter", "Space"].includes(event.code) && !event.code.startsWith("Shift")) {
      event.preventDefault();
      assign(changing.value, event.code);
    } else if (!changing.value) {
      const act = ACTS.find((each) => keys.value[each] === event.code);
      if (!act) return;
      event.preventDefault();
      does[act]();
    }
  });
}
