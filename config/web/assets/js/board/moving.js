// A move is drawn at once and decided by the server: a refusal puts the booking back and says why.
import { explain } from "../answers.js";
import { csrfToken } from "../page.js";

async function post(url, values) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    body: new URLSearchParams(values),
  });
  const type = response.headers.get("Content-Type") || "";
  return { ok: response.ok, status: response.status, type, text: await response.text() };
}

export function createMover({ feed, redraw }) {
  async function move({ booking, start, chair, revert }) {
    feed.hold(true);
    try {
      const values = { start, version: booking.version };
      if (chair !== "any") values.chair = chair;
      const answer = await post(booking.move_url, values);
      if (answer.ok) {
        // Only the undo bar comes with it; htmx puts it in its place.
        window.htmx.swap("#undo", answer.text, { swapStyle: "none" });
        await feed.refresh();
      } else {
        revert();
        explain(answer);
      }
    } catch {
      revert();
      document.dispatchEvent(new CustomEvent("desk:unheard"));
    }
    feed.hold(false);
  }
  return { move, redraw };
}
