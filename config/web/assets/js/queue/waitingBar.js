// "2 entries wait on this device": at the foot of every page but the one that lists them itself.
import { one, person } from "../page.js";
import { countInto, isUnderWay } from "./entry.js";
import { entriesOf, onChange } from "./store.js";

function show(bar, entries) {
  const listed = one("[data-waiting]")?.dataset.waiting;
  const elsewhere = entries.filter((entry) => !isUnderWay(entry) && entry.visit !== listed);
  bar.hidden = !elsewhere.length;
  if (!elsewhere.length) return;
  countInto(one("[data-waiting-line]", bar), elsewhere.length);
  one("a", bar).href = elsewhere[0].page;
}

export function startWaitingBar() {
  const bar = one("#waiting");
  if (!bar || !person()) return;
  const draw = () => entriesOf(person()).then((entries) => show(bar, entries)).catch(() => {});
  onChange(draw);
  draw();
}
