// <form data-autosave="/address/of/the/draft/"> is saved 1.5 s after the last key. The answer is JSON:
//   200 {"saved_at": "10:42:08", "version": 4}     409 or 422: problem+json, its detail is shown
// Unsent text is kept on this device until it is received, and thrown away at sign-out. Values inside a dosing frame
// are never kept on the device: nothing may come back into such a field except from the clinician's own hand.
// Kept with the text is the version that it was written upon: brought back, it never passes for an answer to a newer one.
// A form with data-both-texts shows two saves beside each other. What becomes of them is said with a press, not by itself.
import { all, csrfToken, eachNowAndLater, one, stored } from "./page.js";

const QUIET = 1500;
const RETRY = 10000;
const LONGEST = 8000;
// What stands under it is thrown away at sign-out.
export const PREFIX = "desk.draft:";

// Keyed by person: on a shared tablet nobody is handed another's text.
const keyOf = (form) => `${PREFIX}${document.body.dataset.person}:${form.dataset.autosave}`;

function show(form, state, words) {
  const line = one("[data-autosave-line]", form) || one(`[data-autosave-line="${form.id}"]`);
  if (!line) return;
  line.dataset.state = state;
  line.textContent = words;
}

function keepable(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const dosing = new Set(all(".dosing [name]", form).map((input) => input.name));
  return pairs.filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version" && !dosing.has(name));
}

const showsBoth = (form) => "bothTexts" in form.dataset;

function keep(form) {
  const pairs = keepable(form);
  // Beside two texts the version is that of the other one, which this text does not answer yet.
  const upon = showsBoth(form) ? "" : form.elements.version?.value;
  stored(keyOf(form), pairs.length ? JSON.stringify({ upon, pairs }) : null);
  const left = one(".dosing", form) ? " Dosing fields are not kept." : "";
  show(form, "kept", `Kept on this device, not sent.${left}`);
}

// What is kept and stands in the form as well was received: its answer was lost, or another page brought it.
const differs = (form, pairs) => pairs.some(([name, value]) => form.elements[name]?.value !== value);

/** Whether something came back into the form that is still to be sent. */
function bringBack(form) {
  const kept = JSON.parse(stored(keyOf(form)) || "null");
  if (!kept) return false;
  // Kept by a page of an earlier release: pairs alone.
  const { upon, pairs } = Array.isArray(kept) ? { upon: undefined, pairs: kept } : kept;
  // The form that shows both texts is the answer to what was kept while it was sent.
  if (showsBoth(form) || !differs(form, pairs)) {
    stored(keyOf(form), null);
    return false;
  }
  for (const [name, value] of pairs) {
    const input = form.elements[name];
    if (input && "value" in input && input.type !== "hidden") input.value = value;
  }
  if (upon !== undefined && form.elements.version) form.elements.version.value = upon;
  return true;
}

function received(form, answer) {
  stored(keyOf(form), null);
  if (answer.version !== undefined && form.elements.version) form.elements.version.value = answer.version;
  show(form, "saved", `Saved ${answer.saved_at}`);
}

async function send(form) {
  const response = await fetch(form.dataset.autosave, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    body: new FormData(form),
    redirect: "error",
    signal: AbortSignal.timeout(LONGEST),
  });
  const answer = await response.json();
  if (response.ok) return received(form, answer);
  if (response.status === 409 || response.status === 422) return show(form, "clash", answer.detail || answer.title);
  throw new Error(String(response.status));
}

function watch(form) {
  let timer = null;
  let busy = false;
  let again = false;
  let sending = null;

  function goOn() {
    clearTimeout(timer);
    const { by } = sending;
    sending = null;
    if (form.isConnected) form.requestSubmit(by?.isConnected ? by : null);
  }

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function save() {
    if (!form.isConnected) return;
    if (showsBoth(form)) {
      keep(form);
      return;
    }
    // One at a time: two answers out of order would set the version back.
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    try {
      await send(form);
    } catch {
      keep(form);
      later(RETRY);
    }
    busy = false;
    if (sending) return goOn();
    if (again) later(QUIET);
  }

  form.addEventListener("input", () => {
    show(form, "typing", "Not saved yet");
    later(QUIET);
  });
  // A form that is sent while a save is under way would carry the version from before that save: it waits its turn.
  const wait = (event) => {
    clearTimeout(timer);
    again = false;
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sending = { by: event.submitter };
  };
  form.addEventListener("submit", wait, { capture: true });
  addEventListener("pagehide", () => {
    if (["typing", "clash"].includes(one("[data-autosave-line]", form)?.dataset.state)) keep(form);
  });
  if (bringBack(form)) later(0);
}

export function startAutosave() {
  eachNowAndLater("form[data-autosave]", watch);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-signout]")) return;
    const kept = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    kept.forEach((key) => localStorage.removeItem(key));
  });
}
