// Running times. The server's clock counts, not the tablet's: <meta name="server-now"> carries it.
//   <time datetime="…" data-clock="elapsed">   00:42        hours and minutes since
//   <time datetime="…" data-clock="left">      03:10        minutes and seconds until; "overdue 00:40" afterwards
//   <time datetime="…" data-clock="ago">       5 min ago
//   <time datetime="…-05:00" data-clock="wall"> 18:25       the time now on a wall with that offset
import { all, one } from "./page.js";

let ahead = 0;
export const now = () => Date.now() + ahead;

const two = (number) => String(number).padStart(2, "0");
const pair = (big, small) => `${two(big)}:${two(small)}`;

function elapsed(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return pair(Math.floor(minutes / 60), minutes % 60);
}

function left(seconds) {
  const rest = Math.abs(Math.trunc(seconds));
  return pair(Math.floor(rest / 60), rest % 60);
}

function ago(seconds) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { style: "narrow", numeric: "auto" });
  if (seconds < 60) return words.format(0, "second");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return words.format(-Math.floor(seconds / 3600), "hour");
  return words.format(-Math.floor(seconds / 86400), "day");
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
    if (kind === "elapsed") write(element, elapsed(seconds));
    else if (kind === "wall") write(element, wall(element.dateTime));
    else if (kind === "ago") write(element, ago(seconds));
    else {
      write(element, seconds > 0 ? `${element.dataset.overdue ?? "overdue"} ${left(seconds)}` : left(seconds));
      element.toggleAttribute("data-is-overdue", seconds > 0);
    }
  }
}

export function startClock() {
  const meta = one('meta[name="server-now"]');
  // A page from the back-forward cache keeps its old meta, so the difference is taken only once, at load.
  if (meta) ahead = Date.parse(meta.content) - Date.now();
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:load", tick);
}
