// What stands in a booking: icon, name, time and state in words. Short bookings lose the second line by CSS.
import { now } from "../clock.js";
import { one } from "../page.js";

const SVG = "http://www.w3.org/2000/svg";

/** Icon, word and shape of each state, read from the legend, so that there is one list of them (looks.py). */
export function readLooks() {
  const looks = new Map();
  for (const item of document.querySelectorAll("[data-look]")) {
    const chip = one(".state", item);
    const look = {
      href: one("use", chip).getAttribute("href"),
      word: chip.textContent.trim(),
      shape: [...chip.classList].find((name) => name.startsWith("look-")),
    };
    for (const key of item.dataset.look.split(" ").filter(Boolean)) looks.set(key, look);
  }
  return (state) => looks.get(state.replaceAll("-", "_")) || { href: "", word: state.replaceAll(/[-_]/g, " "), shape: "look-plain" };
}

function icon(href) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", href);
  svg.append(use);
  return svg;
}

/** Where another icon of the same sprite lies. */
function spriteOf(name) {
  return `${one("[data-look] use").getAttribute("href").split("#")[0]}#${name}`;
}

function line(name, ...parts) {
  const element = document.createElement("span");
  element.className = name;
  element.append(...parts);
  return element;
}

const isPast = (due) => Boolean(due) && Date.parse(due) < now();

/** When vital signs are due, to those whom the server tells: "in 4 min", "overdue 3 min". */
function dueWords(due) {
  return `${isPast(due) ? "overdue" : "in"} ${minutesTo(due)} min`;
}

const minutesTo = (due) => Math.abs(Math.trunc((Date.parse(due) - now()) / 60000));

/** Overdue vital signs: where there is little room "vitals" goes first and the minutes next; icon and word stay. */
function overdue(due) {
  const [what, since] = [line("card-what", "vitals "), line("card-since", ` ${minutesTo(due)} min`)];
  return line("card-overdue", icon(spriteOf("activity-heartbeat")), what, "overdue", since);
}

/** The second line. What is overdue, or marked, takes the place of the state: icon, colour and shape say that as well. */
function second(booking, from, state) {
  if (isPast(booking.due)) return [overdue(booking.due)];
  if (booking.mark) return [line("card-mark", booking.mark)];
  return [line("card-time", `${from} `), booking.due ? `${state}, vitals ${dueWords(booking.due)}` : state];
}

/** The nodes of one booking: a line for screen readers and a face for the eye. */
export function card(booking, look, chairName, [from, to]) {
  const state = [look.word, booking.detail].filter(Boolean).join(" ");
  const marked = booking.mark ? `, ${booking.mark}` : "";
  const late = booking.late ? ", late" : "";
  const watched = booking.due ? `, vital signs ${dueWords(booking.due)}` : "";
  const spoken = line("visually-hidden", `${booking.name}, ${from} to ${to}, ${chairName}, ${state}${marked}${late}${watched}`);
  const isLate = isPast(booking.due);
  const flag = booking.mark ? line("card-flag", icon(spriteOf("alert-triangle"))) : "";
  const name = line("card-name", look.href ? icon(look.href) : "", flag, booking.name);
  const more = line("card-more", booking.late ? line("card-late", "late") : "", ...second(booking, from, state));
  const face = line(isLate ? "card-face has-overdue" : "card-face", name, more);
  face.setAttribute("aria-hidden", "true");
  return [spoken, face];
}
