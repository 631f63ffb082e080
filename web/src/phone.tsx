// /phone: a caller's phone in the page, in development only.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "./api";
import { KeyPad, LanguageChoice, titled } from "./parts";
import { PhoneLine, type Credentials } from "./phone_line";
import { say } from "./words";
import "./style.css";

const line = new PhoneLine();
titled("phoneTitle");

function Phone() {
  const [number, setNumber] = useState("88005553535");
  const [own, setOwn] = useState("+79161234567");
  const [trouble, setTrouble] = useState("");
  const [typed, setTyped] = useState("");
  useEffect(() => () => line.stop(), []);
  const stage = line.stage.value;
  const dial = async (event: Event) => {
    event.preventDefault();
    setTrouble("");
    setTyped("");
    try {
      const given = await ask<Credentials>("POST", "/caller-phone");
      await line.microphone();
      line.start(given, own.replace(/[^+0-9]/g, ""), false);
      await line.call(number.replace(/[^+0-9]/g, ""));
    } catch (error) {
      setTrouble(error instanceof DOMException ? say("micNeeded") : (error as Error).message);
    }
  };
  const press = (digit: string) => { line.key(digit); setTyped(typed + digit); };
  return (
    <main class="phone">
      <header><h1>{say("phoneTitle")}</h1><LanguageChoice /></header>
      <form onSubmit={dial}>
        <label>{say("number")} <input name="number" inputMode="tel" value={number} onInput={(e) => setNumber(e.currentTarget.value)} required /></label>
        <label>{say("own")} <input name="own" inputMode="tel" value={own} onInput={(e) => setOwn(e.currentTarget.value)} /></label>
        {stage === "idle" ? <button class="go">{say("dial")}</button>
          : <button type="button" class="stop" onClick={() => line.hangUp()}>{say("hangUp")}</button>}
      </form>
      <p role="status" data-stage={stage}>{say(stage === "talking" ? "talking" : stage)}</p>
      {trouble && <p role="alert">{trouble}</p>}
      <KeyPad press={press} />
      <p class="typed">{typed}</p>
    </main>
  );
}

addEventListener("pagehide", () => line.hangUp());
render(<Phone />, document.getElementById("app")!);
