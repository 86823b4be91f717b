// <dialog class="question"> asked before what cannot be undone. A button with data-ask="id" opens it; the browser keeps
// the focus inside and gives it back.
import { eachNowAndLater, one } from "./page.js";

export function startQuestions() {
  document.addEventListener("click", (event) => {
    const asks = event.target.closest("[data-ask]");
    if (asks) {
      event.preventDefault();
      one(`#${CSS.escape(asks.dataset.ask)}`).showModal();
    }
    if (event.target.closest("[data-ask-no]")) event.target.closest("dialog").close();
  });
  // A question that htmx brings in with data-open is asked at once (a 409 that needs an answer, for example).
  eachNowAndLater("dialog.question[data-open]", (dialog) => dialog.open || dialog.showModal());
}
