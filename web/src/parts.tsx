// What both pages have: the choice of a language, the key pad.
import { effect } from "@preact/signals";
import { choose, language, LANGUAGES, say, type Language, type Word } from "./words";

export function titled(word: Word): void {
  effect(() => {
    document.documentElement.lang = language.value;
    document.title = `${say(word)} · Kommutator`;
  });
}

export function LanguageChoice() {
  return (
    <label class="language">
      {say("language")}{" "}
      <select value={language.value} onChange={(event) => choose(event.currentTarget.value as Language)}>
        {LANGUAGES.map((each) => <option key={each} value={each}>{{ ru: "Русский", en: "English", tt: "Татарча" }[each]}</option>)}
      </select>
    </label>
  );
}

export function KeyPad({ press }: { press: (digit: string) => void }) {
  return (
    <div class="keypad" role="group" aria-label={say("keypad")}>
      {[..."123456789*0#"].map((digit) => <button key={digit} type="button" onClick={() => press(digit)}>{digit}</button>)}
    </div>
  );
}
