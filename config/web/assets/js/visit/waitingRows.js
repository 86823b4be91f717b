// What waits on this tablet for this visit, above the flowsheet: what, of when, what was typed; to send again or discard.
// Filled from the device's store alone. Nothing of it is put into a form here: a correction is shown by the server.
import { one, person } from "../page.js";
import { countInto, dependsOn, isUnderWay, timeOf } from "../queue/entry.js";
import { change, entriesOf, onChange, remove } from "../queue/store.js";

const rows = new Map();

function term(list, label, value) {
  const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
  dt.textContent = label;
  dd.textContent = value;
  list.append(dt, dd);
}

/** The server shows the form with this person's own typing and its words; what is stored meanwhile closes the drawer. */
function correct(entry) {
  const values = Object.fromEntries(entry.fields);
  window.htmx.ajax("POST", entry.url, { target: "#drawer", values });
}

async function sendAgain(id) {
  const entry = (await entriesOf(person())).find((one_) => one_.id === id);
  if (!entry) return;
  if (entry.pressed) await change(id, { state: "waiting", refused: "" });
  else correct(entry);
}

/** What adds to an event goes with it: without the event there is nothing to add to. */
async function discard(id) {
  const entries = await entriesOf(person());
  await remove(id, ...entries.filter((entry) => dependsOn(entry) === id).map((entry) => entry.id));
}

function askToDiscard(entry) {
  const dialog = one("#ask-discard");
  const title = one("h2", dialog);
  title.dataset.asks ??= title.textContent;
  title.textContent = `${title.dataset.asks} ${entry.what}, ${timeOf(entry)}`;
  const yes = (event) => {
    event.preventDefault();
    event.stopPropagation();
    discard(entry.id);
    dialog.close();
  };
  one("form", dialog).addEventListener("submit", yes);
  dialog.addEventListener("close", () => one("form", dialog).removeEventListener("submit", yes), { once: true });
  dialog.showModal();
}

function made(section, entry) {
  const row = one("template", section).content.firstElementChild.cloneNode(true);
  one("time", row).textContent = timeOf(entry);
  one("time", row).dateTime = entry.at;
  one("[data-waiting-what]", row).textContent = entry.what;
  const again = one("[data-waiting-again]", row);
  const word = one("span", again);
  word.textContent = entry.pressed ? word.dataset.pressed : word.dataset.typed;
  again.addEventListener("click", () => sendAgain(entry.id));
  one("[data-waiting-discard]", row).addEventListener("click", () => askToDiscard(entry));
  return row;
}

function write(row, entry) {
  const state = one(".waiting-state", row);
  const isRefused = entry.state === "refused";
  row.dataset.state = entry.state;
  state.textContent = isRefused ? state.dataset.refused : state.dataset.waits;
  one(".waiting-refusal", row).textContent = entry.refused;
  one(".waiting-refusal", row).hidden = !isRefused;
  one("[data-waiting-again]", row).hidden = !isRefused;
  one("details", row).hidden = !entry.words.length;
  one("dl", row).replaceChildren();
  for (const [label, value] of entry.words) term(one("dl", row), label, value);
}

function draw(section, entries) {
  const listed = entries.filter((entry) => entry.visit === section.dataset.waiting && !isUnderWay(entry));
  section.hidden = !listed.length;
  countInto(one("[data-waiting-line]", section), listed.length);
  const ids = new Set(listed.map(({ id }) => id));
  for (const [id, row] of rows) {
    if (ids.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  for (const entry of listed) {
    if (!rows.has(entry.id)) rows.set(entry.id, made(section, entry));
    write(rows.get(entry.id), entry);
  }
  // Only where the order changed: a row that is moved would close what is open in it.
  const list = one(".waiting-rows", section);
  listed.forEach(({ id }, place) => {
    if (list.children[place] !== rows.get(id)) list.insertBefore(rows.get(id), list.children[place] ?? null);
  });
}

export function startWaitingRows() {
  const section = one("[data-waiting]");
  if (!section || !person()) return;
  const again = () => entriesOf(person()).then((entries) => draw(section, entries)).catch(() => {});
  onChange(again);
  again();
}
