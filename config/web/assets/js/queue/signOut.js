// Signing out deletes what this person left on the device. While something waits it asks first, and deletes only then;
// a session that ends by itself deletes nothing.
import { one, person } from "../page.js";
import { countInto } from "./entry.js";
import { entriesOf, remove } from "./store.js";

const sure = new WeakSet();
const whose = (form) => form.dataset.person || person();

async function waitingOf(form) {
  try {
    return await entriesOf(whose(form));
  } catch {
    return [];
  }
}

function goOn(form) {
  sure.add(form);
  form.requestSubmit();
}

function ask(form, entries) {
  const dialog = one("#ask-signout");
  countInto(one("h2", dialog), entries.length, one("#signout-words").dataset);
  const lose = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    await remove(...entries.map(({ id }) => id));
    dialog.close();
    goOn(form);
  };
  one("form", dialog).addEventListener("submit", lose);
  dialog.addEventListener("close", () => one("form", dialog).removeEventListener("submit", lose), { once: true });
  dialog.showModal();
}

async function beforeSigningOut(event) {
  const form = event.target;
  if (!form.matches("[data-signout]") || sure.has(form) || !one("#ask-signout")) return;
  // Nothing else that happens at a sign-out may happen before the answer.
  event.preventDefault();
  event.stopImmediatePropagation();
  const entries = await waitingOf(form);
  if (entries.length) ask(form, entries);
  else goOn(form);
}

export function startSignOut() {
  document.addEventListener("submit", beforeSigningOut, { capture: true });
}
