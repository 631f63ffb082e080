// The pages' words in Russian, English and Tatar.
import { computed, signal } from "@preact/signals";

const WORDS = {
  title: ["Рабочее место оператора", "Operator's desk", "Оператор эш урыны"],
  phoneTitle: ["Телефон звонящего", "A caller's phone", "Шалтыратучы телефоны"],
  user: ["Имя для входа", "User", "Керү исеме"],
  password: ["Пароль", "Password", "Серсүз"],
  signIn: ["Войти", "Sign in", "Керү"],
  signOut: ["Выйти", "Sign out", "Чыгу"],
  language: ["Язык", "Language", "Тел"],
  startShift: ["Начать смену", "Start shift", "Сменаны башлау"],
  endShift: ["Закончить смену", "End shift", "Сменаны тәмамлау"],
  ready: ["Готов", "Ready", "Әзер"],
  pause: ["Перерыв", "Break", "Тәнәфес"],
  reason: ["Причина", "Reason", "Сәбәп"],
  lunch: ["обед", "lunch", "төшке аш"],
  rest: ["отдых", "rest", "ял"],
  training: ["учёба", "training", "укыту"],
  answer: ["Ответить", "Answer", "Җавап бирү"],
  reject: ["Отклонить", "Reject", "Кире кагу"],
  hangUp: ["Положить трубку", "Hang up", "Трубканы кую"],
  hold: ["Удержать", "Hold", "Тотып тору"],
  resume: ["Вернуть с удержания", "Resume", "Дәвам итү"],
  mute: ["Выключить микрофон", "Mute", "Микрофонны сүндерү"],
  unmute: ["Включить микрофон", "Unmute", "Микрофонны кабызу"],
  keypad: ["Клавиши", "Key pad", "Төймәләр"],
  caller: ["Номер", "Number", "Номер"],
  region: ["Регион", "Region", "Төбәк"],
  spoken: ["Язык звонка", "Call's language", "Шалтырату теле"],
  path: ["Путь по меню", "Path through the menus", "Меню юлы"],
  identified: ["Что набрал", "Identified by", "Ни җыйган"],
  waited: ["Ждёт с", "Waits since", "Көтә башлаган"],
  priority: ["Приоритет", "Priority", "Өстенлек"],
  why: ["Почему вам", "Why you", "Нигә сезгә"],
  ticket: ["Обращение", "Ticket", "Мөрәҗәгать"],
  section: ["Раздел", "Section", "Бүлек"],
  none: ["нет", "none", "юк"],
  incoming: ["Входящий звонок", "Incoming call", "Керүче шалтырату"],
  noCall: ["Звонка нет", "No call", "Шалтырату юк"],
  talking: ["Разговор", "Talking", "Сөйләшү"],
  onHold: ["На удержании", "On hold", "Тотып торыла"],
  micOff: ["Микрофон выключен", "Microphone off", "Микрофон сүндерелгән"],
  outcome: ["Итог", "Outcome", "Нәтиҗә"],
  save: ["Сохранить итог", "Save outcome", "Нәтиҗәне саклау"],
  waiting: ["ждут", "waiting", "көтә"],
  queues: ["Очереди", "Queues", "Чиратлар"],
  phoneReady: ["Телефон на связи", "Phone registered", "Телефон элемтәдә"],
  phoneAway: ["Телефон не на связи", "Phone not registered", "Телефон элемтәдә түгел"],
  lost: ["Связь с линией потеряна, восстанавливаем", "Connection lost, reconnecting", "Элемтә өзелде, торгызабыз"],
  live: ["На связи", "Connected", "Элемтәдә"],
  secondTab: ["Телефон уже открыт в другой вкладке: закройте её", "The phone is open in another tab: close that one", "Телефон башка вкладкада ачык: аны ябыгыз"],
  micNeeded: ["Нет доступа к микрофону: разрешите его в браузере и начните смену снова", "No microphone: allow it in the browser and start the shift again", "Микрофон юк: браузерда рөхсәт итегез"],
  missed: ["Звонок пропущен: вы сняты с приёма", "A call was missed: you take no calls now", "Шалтырату җибәрелде: сез шалтырату кабул итмисез"],
  callFirst: ["Сначала закончите разговор, потом выходите. «Закончить смену» подействует после него", "End the call before you sign out. “End shift” takes effect after it", "Башта сөйләшүне тәмамлагыз, аннары чыгыгыз. «Сменаны тәмамлау» аннан соң үтәлә"],
  afterCall: ["После звонка", "After the call", "Шалтыратудан соң"],
  "shift ended": ["смена закончена", "shift ended", "смена тәмамланды"],
  "shift-over": ["смена по графику закончена", "shift is over by the roster", "график буенча смена тәмамланды"],
  "connection lost": ["связь со страницей потеряна", "connection to the page lost", "бит белән элемтә өзелде"],
  "no-answer": ["звонок пропущен", "a call was missed", "шалтырату җибәрелде"],
  new: ["новый оператор", "new operator", "яңа оператор"],
  notOperator: ["Вы не оператор этой линии", "You are no operator of this hotline", "Сез бу линия операторы түгел"],
  keys: ["Клавиши стола", "Keys of the desk", "Эш урыны төймәләре"],
  rejectOrHangUp: ["Отклонить или положить трубку", "Reject or hang up", "Кире кагу яки трубканы кую"],
  changeKey: ["Сменить клавишу", "Change the key", "Төймәне алыштыру"],
  pressKey: ["Нажмите букву, цифру или F1–F12; Esc — оставить как есть", "Press a letter, a digit or F1–F12; Esc leaves it as it is", "Хәреф, сан яки F1–F12 басыгыз; Esc — элеккечә калдыру"],
  keyTaken: ["занята или не подходит, выберите другую", "taken, or of no use here: choose another", "буш түгел яки туры килми, башкасын сайлагыз"],
  usualKeys: ["Вернуть обычные клавиши", "Back to the usual keys", "Гадәти төймәләрне кайтару"],
  cut: ["Страница была перезагружена во время разговора: он прерван. Номер звонящего — в обращении", "The page was reloaded during a conversation, which ended it. The caller's number is in the ticket", "Сөйләшү вакытында бит яңадан йөкләнде: ул өзелде. Номер мөрәҗәгатьтә"],
  dial: ["Позвонить", "Call", "Шалтырату"],
  number: ["Номер линии", "Hotline's number", "Линия номеры"],
  own: ["Ваш номер", "Your number", "Сезнең номер"],
  "not-ready": ["не принимает звонки", "not ready", "кабул итми"],
  offered: ["звонит телефон", "phone rings", "телефон шалтырый"],
  "after-call-work": ["после звонка", "after-call work", "шалтыратудан соң"],
  offline: ["не на смене", "off duty", "сменада түгел"],
  idle: ["свободно", "idle", "буш"],
  ringing: ["звонит", "ringing", "шалтырый"],
  calling: ["набираем", "calling", "җыябыз"],
} satisfies Record<string, [string, string, string]>;

export type Word = keyof typeof WORDS;
export const LANGUAGES = ["ru", "en", "tt"] as const;
export type Language = (typeof LANGUAGES)[number];

const kept = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
export const language = signal<Language>((LANGUAGES as readonly string[]).includes(kept) ? (kept as Language) : "ru");
const place = computed(() => LANGUAGES.indexOf(language.value));

export function say(word: Word): string {
  return WORDS[word][place.value] ?? WORDS[word][0];
}

export function sayState(state: string): string {
  return state in WORDS ? say(state as Word).toLowerCase() : state;
}

export function choose(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem("language", chosen);
}
