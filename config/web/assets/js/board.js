// The day board: <div data-board data-feed="…">. Loads the feed, draws it through the adapter, keeps it fresh.
import { createGrid } from "./board/adapter.js";
import { startBoardKeys } from "./board/keys.js";
import { createMover } from "./board/moving.js";
import { createFeed } from "./board/feed.js";
import { all, one, stored } from "./page.js";

function chosenView() {
  return stored("desk.board") === "columns" ? "columns" : "timeline";
}

function showView(view) {
  for (const button of all("[data-board-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.boardView === view));
  }
}

function openInDrawer(url, source) {
  window.htmx.ajax("GET", url, { target: "#drawer", source });
}

async function start(root) {
  const feed = createFeed(root);
  const day = await feed.first();
  if (!day) return;
  const editable = root.dataset.editable === "true";
  const mover = createMover({ feed, redraw: () => grid.draw(feed.day) });
  const grid = createGrid(root, {
    day,
    view: chosenView(),
    editable,
    onOpen: (booking, element) => openInDrawer(booking.url, element),
    onMove: mover.move,
    onEmpty: root.dataset.addUrl
      ? ({ chair, start }) => openInDrawer(`${root.dataset.addUrl}?${new URLSearchParams({ chair, start })}`, root)
      : null,
    onBusy: feed.hold,
  });
  feed.onChange(grid.draw);
  startBoardKeys(root, { grid, feed, mover, editable });
  showView(chosenView());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-board-view]");
    if (!button) return;
    stored("desk.board", button.dataset.boardView);
    grid.setView(button.dataset.boardView);
    showView(button.dataset.boardView);
  });
  root.removeAttribute("aria-busy");
}

const root = one("[data-board]");
if (root) start(root);
