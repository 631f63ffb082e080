// The keys, shown by "?", and changed there.
import { ACTS, asUsual, changing, keyName, keys, shown, taken, type Act } from "./keys";
import { say, type Word } from "./words";

const WORDS: Record<Act, Word> = { answer: "answer", hangUp: "rejectOrHangUp", hold: "hold", mute: "mute" };

export function Key({ act }: { act: Act }) {
  return <kbd>{keyName(keys.value[act])}</kbd>;
}

export function KeyList() {
  return (
    <footer>
      <button aria-expanded={shown.value} onClick={() => (shown.value = !shown.value)}>{say("keys")} <kbd>?</kbd></button>
      {shown.value && <section aria-label={say("keys")} class="keys">
        <ul>
          {ACTS.map((act) => (
            <li key={act} data-act={act}>
              {say(WORDS[act])}: <Key act={act} />{" "}
              <button aria-pressed={changing.value === act} aria-label={`${say("changeKey")}: ${say(WORDS[act])}`}
                onClick={() => { taken.value = ""; changing.value = changing.value === act ? null : act; }}>{say("changeKey")}</button>
            </li>
          ))}
        </ul>
        <p role="status">{taken.value ? `${taken.value}: ${say("keyTaken")}` : changing.value ? say("pressKey") : ""}</p>
        <button onClick={asUsual}>{say("usualKeys")}</button>
      </section>}
    </footer>
  );
}
