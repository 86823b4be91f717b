// Empty forms for when there is no network. They are fetched once, held in memory and never stored; each comes up empty
// under a name of its own. Nothing that was typed is ever put into one.
import { newName } from "../queue/entry.js";
import { all, csrfToken, isOffline, one, person, say } from "../page.js";

const blanks = new Map();
const stages = new Map();
let vitals = "";

const pathOf = (url) => {
  const { pathname, searchParams } = new URL(url, location.href);
  const kind = searchParams.get("kind");
  return kind ? `${pathname}?kind=${kind}` : pathname;
};

async function fetchAll(root) {
  const response = await fetch(root.dataset.blanks, { headers: { "HX-Request": "true", "X-Person": person() } });
  if (!response.ok) return;
  const found = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const template of all("template[data-blank]", found)) blanks.set(pathOf(template.dataset.blank), template.innerHTML);
  for (const template of all("template[data-after]", found)) {
    for (const step of template.dataset.after.split(" ")) stages.set(step, template.innerHTML);
  }
  document.documentElement.dataset.blanksReady = "";
}

/** Gives each form its own name for the next entry, and the token that counts now. */
function renew(root) {
  for (const form of all("form", root)) {
    if (form.elements.client_id) form.elements.client_id.value = newName();
    if (form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = csrfToken();
  }
}

function fresh(html, url) {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  renew(holder);
  for (const form of url ? all("form[hx-post]", holder) : []) {
    form.setAttribute("action", url);
    form.setAttribute("hx-post", url);
  }
  return holder.innerHTML;
}

function openBlank(url) {
  const html = blanks.get(pathOf(url));
  if (html) window.htmx.swap(one("#drawer"), fresh(html, url), { swapStyle: "innerHTML" });
  return Boolean(html);
}

const opensDrawer = ({ verb, elt, target }) => verb === "get" && target?.id === "drawer" && elt.hasAttribute("hx-get");

/** The link to a form while the network is known to be gone: the empty one comes up at once. */
function instead(event) {
  const { requestConfig } = event.detail;
  const url = requestConfig.path;
  if (opensDrawer(requestConfig) && isOffline() && openBlank(url)) event.preventDefault();
}

function afterAll({ detail: { requestConfig } }) {
  if (requestConfig && opensDrawer(requestConfig)) openBlank(requestConfig.path);
}

function nextStage(step) {
  const html = stages.get(step);
  const grid = one("#visit-acts .act-grid");
  if (html && grid) window.htmx.swap(grid, fresh(html), { swapStyle: "outerHTML" });
}

/** What was typed waits on the device now: the page is ready for the next. */
function onward({ target: form, detail: { entry } }) {
  const said = Object.fromEntries(entry.fields);
  say(`${entry.what}: kept on this device, not sent`);
  if (form.id === "vitals-form") window.htmx.swap(form, fresh(vitals), { swapStyle: "outerHTML" });
  else if (!entry.pressed) document.dispatchEvent(new CustomEvent("drawer-close"));
  else form.elements.client_id.value = newName();
  if (entry.pressed && !said.kind) openBlank(`/visits/${entry.visit}/chart/adverse-events/?event=${entry.id}`);
  nextStage(said.kind);
}

/** A button that stays on the page after its press is stored names the next press anew. */
function renewPressed({ detail: { xhr, requestConfig } }) {
  const form = requestConfig.elt;
  if (xhr.status < 400 && form.isConnected && form.matches("form[data-pressed]")) form.elements.client_id.value = newName();
}

export function startBlanks() {
  const root = one("[data-blanks]");
  if (!root) return;
  const form = one("#vitals-form");
  vitals = form ? form.outerHTML : "";
  const fetchThem = () => blanks.size || fetchAll(root).catch(() => {});
  setTimeout(fetchThem, 500);
  addEventListener("online", fetchThem);
  document.addEventListener("htmx:beforeRequest", instead);
  for (const event of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(event, afterAll);
  document.addEventListener("htmx:afterOnLoad", renewPressed);
  document.addEventListener("desk:entry-kept", onward);
}
