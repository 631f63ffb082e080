// /desk: an operator signs in, starts the shift, and works with the phone in the page.
import { signal } from "@preact/signals";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "./api";
import { calls, connected, listen, operators, queues, type CallNow } from "./live";
import { Key, KeyList } from "./key_list";
import { listenToKeys } from "./keys";
import { languageInWords, learnNames, named, pathInWords } from "./names";
import { KeyPad, LanguageChoice, titled } from "./parts";
import { tellOfRinging } from "./ringing";
import { ending, endShift, line, notice, onShift, pause, person, ready, sessionOver, signOut, startShift, told, type Person } from "./shift";
import { language, say, sayState, type Word } from "./words";
import "./style.css";

interface Code { code: string; names: Record<string, string>; queues: string[] }

const past = signal<CallNow | null>(null);
const codes = signal<Code[]>([]);
titled("title");

function SignIn() {
  const [trouble, setTrouble] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      person.value = await ask<Person>("POST", "/session", { user: form.get("user"), password: form.get("password") });
    } catch (error) { setTrouble((error as Error).message); }
  };
  return (
    <main class="sign-in">
      <header><h1>{say("title")}</h1><LanguageChoice /></header>
      <form onSubmit={submit}>
        <label>{say("user")} <input name="user" autocomplete="username" required autofocus /></label>
        <label>{say("password")} <input name="password" type="password" autocomplete="current-password" required /></label>
        <button class="go">{say("signIn")}</button>
        {trouble && <p role="alert">{trouble}</p>}
      </form>
    </main>
  );
}

function Fact({ word, children }: { word: Word; children: preact.ComponentChildren }) {
  return <div><dt>{say(word)}</dt><dd>{children || say("none")}</dd></div>;
}

function Pop({ call }: { call: CallNow }) {
  return (
    <dl class="pop" data-ticket={call.ticket}>
      <Fact word="caller"><strong class="number">{call.caller}</strong></Fact>
      <Fact word="region">{call.region && named("regions", call.region)}</Fact>
      <Fact word="spoken">{languageInWords(call.language)}</Fact>
      <Fact word="section">{[call.section && named("sections", call.section), call.category && named("categories", call.category)].filter(Boolean).join(" / ")}</Fact>
      <Fact word="identified">{call.identification.map((each) => `${each.kind} ${each.masked}`).join(", ")}</Fact>
      <Fact word="waited">{call.waiting_since && new Date(call.waiting_since).toLocaleTimeString(language.value)}</Fact>
      <Fact word="priority">{call.priority === null ? "" : String(call.priority)}</Fact>
      <Fact word="ticket">{String(call.ticket)}</Fact>
      <Fact word="path">{pathInWords(call.path)}</Fact>
      <Fact word="why">{language.value === "en" ? call.why.en : call.why.ru}</Fact>
    </dl>
  );
}

function Buttons() {
  const stage = line.stage.value;
  return (
    <div class="buttons">
      {stage === "ringing" && <button class="go" onClick={() => void line.answer()}>{say("answer")} <Key act="answer" /></button>}
      {stage === "ringing" && <button class="stop" onClick={() => line.hangUp()}>{say("reject")} <Key act="hangUp" /></button>}
      {stage === "talking" && <>
        <button aria-pressed={line.held.value} onClick={() => line.hold()}>{say(line.held.value ? "resume" : "hold")} <Key act="hold" /></button>
        <button aria-pressed={line.muted.value} onClick={() => line.mute()}>{say(line.muted.value ? "unmute" : "mute")} <Key act="mute" /></button>
        <button class="stop" onClick={() => line.hangUp()}>{say("hangUp")} <Key act="hangUp" /></button>
      </>}
    </div>
  );
}

function WrapUp({ call }: { call: CallNow }) {
  const offered = codes.value.filter((each) => each.queues.includes(call.queue) || each.queues.length === 0);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const code = new FormData(event.currentTarget as HTMLFormElement).get("code");
    try {
      await ask("POST", `/tickets/${call.ticket}/wrap-up`, { code });
      past.value = null;
    } catch (error) { told(error); }
  };
  return (
    <form class="wrap-up" onSubmit={save}>
      <label>{say("outcome")}, {say("ticket").toLowerCase()} {call.ticket}{" "}
        <select name="code" required>
          <option value=""></option>
          {offered.map((each) => <option key={each.code} value={each.code}>{each.names[language.value] ?? each.names.ru ?? each.code}</option>)}
        </select>
      </label>
      <button class="go">{say("save")}</button>
    </form>
  );
}

// An operator hears of the calls at them only; who watches hears of everybody's.
const own = (who: Person): CallNow | null =>
  Object.values(calls.value).find((each) => who.role === "operator" || each.operator === who.user) ?? null;

function Desk({ who }: { who: Person }) {
  useEffect(() => {
    const end = listen(sessionOver);
    ask<{ codes: Code[] }>("GET", "/wrap-up-codes").then((answer) => (codes.value = answer.codes)).catch(told);
    learnNames().catch(told);
    if (sessionStorage.getItem("in-call")) { notice.value = say("cut"); sessionStorage.removeItem("in-call"); }
    return end;
  }, []);
  const now = operators.value[who.user];
  const call = own(who);
  useEffect(() => {
    if (call?.stage === "talking") past.value = call;
    sessionStorage[call?.stage === "talking" ? "setItem" : "removeItem"]("in-call", "1");
    if (!call && line.stage.value !== "idle") setTimeout(() => { if (!own(who)) line.hangUp(); }, 2_000);
  }, [call?.id, call?.stage]);
  useEffect(() => { if (now?.reason === "no-answer") notice.value = say("missed"); }, [now?.reason]);
  const stage = line.stage.value;
  return (
    <main class="desk">
      <header>
        <h1>{say("title")}</h1>
        <span>{who.name}</span>
        <span class={connected.value ? "well" : "ill"} role="status">{connected.value ? `● ${say("live")}` : `▲ ${say("lost")}`}</span>
        <span class={line.registered.value ? "well" : "ill"} data-phone={line.registered.value}>
          {line.registered.value ? `● ${say("phoneReady")}` : `▲ ${say("phoneAway")}`}
        </span>
        <LanguageChoice />
        <button onClick={() => void signOut()}>{say("signOut")}</button>
      </header>
      {notice.value && <p role="alert">{notice.value}</p>}
      <section class="state" aria-label={say("ready")}>
        <p data-state={now?.state}>{now ? `${sayState(now.state)}${now.reason ? ` · ${sayState(now.reason)}` : ""}` : say("notOperator")}</p>
        {now?.pause && <p role="status" data-pause={now.pause}>{say("afterCall")}: {sayState(now.pause)}</p>}
        {!onShift.value && now && <button class="go big" onClick={() => void startShift()}>{say("startShift")}</button>}
        {onShift.value && now && <div class="buttons">
          <button onClick={() => void ready()}>{say("ready")}</button>
          {(["lunch", "rest", "training"] as const).map((each) =>
            <button key={each} onClick={() => void pause(say(each))}>{say("pause")}: {say(each)}</button>)}
          <button aria-pressed={ending.value} onClick={() => void endShift()}>{say("endShift")}</button>
        </div>}
      </section>
      <section class="call" aria-live="polite" data-stage={stage}>
        <h2>{call ? say(call.stage === "ringing" ? "incoming" : "talking") : say("noCall")}
          {line.held.value && ` · ⏸ ${say("onHold")}`}{line.muted.value && ` · 🔇 ${say("micOff")}`}</h2>
        {call && <Pop call={call} />}
        <Buttons />
        {stage === "talking" && <KeyPad press={(digit) => line.key(digit)} />}
        {past.value && !call && <WrapUp call={past.value} />}
      </section>
      <section aria-labelledby="queues">
        <h2 id="queues">{say("queues")}</h2>
        <ul class="queues">{queues.value.map((each) => <li key={each.name}>{named("queues", each.name)}: {each.waiting} {say("waiting")}</li>)}</ul>
      </section>
      <KeyList />
    </main>
  );
}

listenToKeys({ answer: () => void line.answer(), hangUp: () => line.hangUp(), hold: () => line.hold(), mute: () => line.mute() });
tellOfRinging(() => Number(line.stage.value === "ringing"), () => (person.value && own(person.value)?.caller) || "");
addEventListener("beforeunload", (event) => { if (line.stage.value === "talking") event.preventDefault(); });
addEventListener("pagehide", () => line.hangUp());

function Page() {
  return person.value ? <Desk who={person.value} /> : <SignIn />;
}

ask<Person>("GET", "/session").then((who) => (person.value = who)).catch(() => {}).finally(() => render(<Page />, document.getElementById("app")!));
