// "2 entries wait on this device": at the foot of every page. Where the page lists them itself, it is for the telephone,
// on which the list is out of sight.
import { one, person } from "../page.js";
import { countInto, isUnderWay } from "./entry.js";
import { entriesOf, onChange } from "./store.js";

function show(bar, entries) {
  const listed = one("[data-waiting]")?.dataset.waiting;
  const waiting = entries.filter((entry) => !isUnderWay(entry));
  bar.hidden = !waiting.length;
  if (!waiting.length) return;
  const elsewhere = waiting.find((entry) => entry.visit !== listed);
  bar.toggleAttribute("data-listed", !elsewhere);
  countInto(one("[data-waiting-line]", bar), waiting.length);
  one("a", bar).href = `${(elsewhere || waiting[0]).page}#visit-waiting`;
}

export function startWaitingBar() {
  const bar = one("#waiting");
  if (!bar || !person()) return;
  const draw = () => entriesOf(person()).then((entries) => show(bar, entries)).catch(() => {});
  onChange(draw);
  draw();
}
