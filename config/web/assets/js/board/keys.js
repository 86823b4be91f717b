// The board by keys: arrows go from booking to booking, Enter opens (the component does that), M moves the focused one:
// arrows choose time and chair, Enter asks the server, Esc puts it back.
import { all, say } from "../page.js";

const STEP = 15;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Wall times are moved as if they were UTC: no zone, no clock change, just the face of the clock.
const shifted = (time, minutes) => new Date(Date.parse(`${time}Z`) + minutes * 60000).toISOString().slice(0, 16);

function nearest(from, direction, others) {
  const at = from.getBoundingClientRect();
  const [dx, dy] = direction;
  const middle = (box) => [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 20) / 2];
  const [x, y] = middle(at);
  let best = null;
  for (const element of others) {
    const [ox, oy] = middle(element.getBoundingClientRect());
    const along = dx ? (ox - x) * dx : (oy - y) * dy;
    const across = Math.abs(dx ? oy - y : ox - x);
    if (along < 4) continue;
    const distance = along + across * 3;
    if (!best || distance < best.distance) best = { element, distance };
  }
  return best?.element;
}

export function startBoardKeys(root, { grid, feed, mover, editable }) {
  let moving = null;
  const vertical = () => Boolean(root.querySelector(".ec-time-grid"));

  function begin(booking) {
    moving = { booking, start: booking.start, end: booking.end, chair: booking.chair ?? "any" };
    feed.hold(true);
    root.dataset.moving = "";
    say(`Moving ${booking.name}. Arrows choose time and chair, Enter moves, Escape puts it back.`);
  }

  function finish() {
    delete root.dataset.moving;
    moving = null;
  }

  function draw() {
    grid.show(moving.booking, moving);
    const id = moving.booking.id;
    requestAnimationFrame(() => grid.find(id)?.focus());
    say(`${moving.start.slice(11)}, chair ${grid.chairs().indexOf(moving.chair) + 1}`);
  }

  function shift([dx, dy]) {
    const [steps, chairs] = vertical() ? [dy, dx] : [dx, dy];
    const list = grid.chairs();
    const at = Math.min(list.length - 1, Math.max(0, list.indexOf(moving.chair) + chairs));
    moving.start = shifted(moving.start, steps * STEP);
    moving.end = shifted(moving.end, steps * STEP);
    moving.chair = list[at];
    draw();
  }

  function cancel() {
    const { booking } = moving;
    finish();
    feed.hold(false);
    mover.redraw();
    requestAnimationFrame(() => grid.find(booking.id)?.focus());
  }

  async function commit() {
    const { booking, start, chair } = moving;
    finish();
    await mover.move({ booking, start, chair, revert: mover.redraw });
    requestAnimationFrame(() => grid.find(booking.id)?.focus());
  }

  function whileMoving(event) {
    if (ARROWS[event.key]) shift(ARROWS[event.key]);
    else if (event.key === "Enter") commit();
    else if (event.key === "Escape") cancel();
    else return false;
    return true;
  }

  function onBooking(event, element) {
    const booking = feed.day.bookings.find((one) => one.id === grid.idOf(element));
    if (ARROWS[event.key]) nearest(element, ARROWS[event.key], all(".ec-event", root))?.focus();
    else if (event.key.toLowerCase() === "m" && editable && booking?.move_url) begin(booking);
    else return false;
    return true;
  }

  // In the capture phase: Enter must end a move before the component takes it for "open".
  root.addEventListener(
    "keydown",
    (event) => {
      const element = event.target.closest(".ec-event");
      if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
      if (moving ? whileMoving(event) : onBooking(event, element)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
}
