// What the server says about the day, asked for every 15 seconds. States and words change in place; a booking that
// moved, came or went waits behind "3 changes, show", so that nothing jumps under the pointer.
import { one } from "../page.js";

const EVERY = 15000;

const shape = (booking) => [booking.start, booking.end, booking.chair].join("|");
const byId = (day) => new Map(day.bookings.map((booking) => [booking.id, booking]));

/** How many bookings moved, came or went between two answers. */
export function countMoved(before, after) {
  const [old, fresh] = [byId(before), byId(after)];
  let count = 0;
  for (const [id, booking] of fresh) if (!old.has(id) || shape(old.get(id)) !== shape(booking)) count += 1;
  for (const id of old.keys()) if (!fresh.has(id)) count += 1;
  return count;
}

/** `before` with the states and words of `after`, everything standing where it stood. */
export function inPlace(before, after) {
  const fresh = byId(after);
  const bookings = before.bookings.map((booking) => {
    const now = fresh.get(booking.id);
    return now ? { ...now, start: booking.start, end: booking.end, chair: booking.chair } : booking;
  });
  return { ...after, bookings };
}

async function fetchDay(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-cache" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function showCount(count) {
  const place = one("[data-board-changes]");
  if (!place) return;
  if (!count) return place.replaceChildren();
  const bar = document.createElement("div");
  bar.className = "changes-bar";
  bar.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = count === 1 ? "1 change" : `${count} changes`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s";
  button.dataset.showChanges = "";
  button.textContent = "Show";
  bar.append(words, button);
  return place.replaceChildren(bar);
}

export function createFeed(root) {
  const url = root.dataset.feed;
  let listener = () => {};
  let held = false;
  const feed = { day: null };

  const take = (day) => {
    feed.day = day;
    showCount(0);
    listener(day);
  };

  async function ask(apply) {
    try {
      const day = await fetchDay(url);
      document.dispatchEvent(new CustomEvent("desk:heard"));
      return apply(day);
    } catch {
      document.dispatchEvent(new CustomEvent("desk:unheard"));
      return null;
    }
  }

  function quietly(day) {
    // In the middle of a drag the board belongs to the hand.
    if (held) return;
    showCount(countMoved(feed.day, day));
    feed.day = inPlace(feed.day, day);
    listener(feed.day);
  }

  feed.first = () =>
    ask((day) => {
      feed.day = day;
      return day;
    });
  feed.refresh = () => ask(take);
  feed.hold = (yes) => {
    held = yes;
  };
  feed.onChange = (redraw) => {
    listener = redraw;
    setInterval(() => document.hidden || ask(quietly), EVERY);
    document.addEventListener("desk:refresh", (event) => {
      event.preventDefault();
      feed.refresh();
    });
    // What was just done on this page is no surprise: show it at once.
    document.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.successful && detail.requestConfig.verb !== "get") feed.refresh();
    });
    document.addEventListener("visibilitychange", () => document.hidden || ask(quietly));
  };
  return feed;
}
