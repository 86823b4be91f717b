// Running times. The server's clock counts, not the tablet's: <meta name="server-now"> carries it.
//   <time datetime="…" data-clock="elapsed">   1 h 27 min   since; units are always written, two clocks may stand side by side
//   <time datetime="…" data-clock="left" data-before="due in" data-overdue="overdue">   due in 4 min; overdue 1 h 2 min
//   <time datetime="…" data-clock="ago">       5 min ago
//   <time datetime="…-05:00" data-clock="wall"> 18:25       the time now on a wall with that offset
import { all, one } from "./page.js";

// A page from the back-forward cache keeps its old meta, so the difference is taken only once, at load.
const meta = one('meta[name="server-now"]');
// The server wrote that time when it answered: a page that took long to load is no clock that goes slow.
const [load] = performance.getEntriesByType("navigation");
const answered = load?.responseStart ? performance.timeOrigin + load.responseStart : Date.now();
const ahead = meta ? Date.parse(meta.content) - answered : 0;
export const now = () => Date.now() + ahead;

/** `1 h 27 min`, `27 min`; under a minute `40 s` when seconds matter, else `0 min`. */
function span(seconds, inSeconds = false) {
  const rest = Math.max(0, Math.trunc(seconds));
  if (inSeconds && rest < 60) return `${rest} s`;
  const hours = Math.floor(rest / 3600);
  const minutes = `${Math.floor((rest % 3600) / 60)} min`;
  return hours ? `${hours} h ${minutes}` : minutes;
}

function left(seconds, { before = "", overdue = "overdue" }) {
  return `${seconds > 0 ? overdue : before} ${span(Math.abs(seconds), true)}`.trim();
}

function ago(seconds) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { style: "narrow", numeric: "auto" });
  if (seconds < 60) return words.format(0, "second");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return words.format(-Math.floor(seconds / 3600), "hour");
  return words.format(-Math.floor(seconds / 86400), "day");
}

/** The time on the clinic's wall at an instant (now, if none is given), 24 h: the browser's own zone says nothing. */
export function clinicTime(instant = now()) {
  const look = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.zone || undefined };
  return new Intl.DateTimeFormat("en", look).format(new Date(instant));
}

function wall(datetime) {
  const [, sign, hours, minutes] = datetime.match(/([+-])(\d\d):(\d\d)$/) || [null, "+", "00", "00"];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60000 : 60000);
  return new Date(now() + offset).toISOString().slice(11, 16);
}

function write(element, text) {
  // Untouched when nothing changed: no flicker, no needless work for a screen reader.
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const element of all("time[data-clock]")) {
    const seconds = (now() - Date.parse(element.dateTime)) / 1000;
    const kind = element.dataset.clock;
    if (kind === "elapsed") write(element, span(seconds));
    else if (kind === "wall") write(element, wall(element.dateTime));
    else if (kind === "ago") write(element, ago(seconds));
    else {
      write(element, left(seconds, element.dataset));
      element.toggleAttribute("data-is-overdue", seconds > 0);
    }
  }
  tellInTitle();
}

const title = document.title;

/** What is overdue on this page is read on its tab too. */
function tellInTitle() {
  const late = one("time[data-is-overdue][data-title-overdue]");
  const words = late ? `${late.dataset.titleOverdue} · ${title}` : title;
  if (document.title !== words) document.title = words;
}

export function startClock() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:load", tick);
}
