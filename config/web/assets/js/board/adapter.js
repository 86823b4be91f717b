// The only file that knows @event-calendar. The rest of the board speaks of days, chairs and bookings.
import { createCalendar, Interaction, ResourceTimeGrid, ResourceTimeline } from "@event-calendar/core";
import { card, readLooks } from "./card.js";

const VIEWS = { timeline: "resourceTimelineDay", columns: "resourceTimeGridDay" };
const ANY = "any";
const QUARTER = 15;
const SMALLEST_SLOT = 18;
const TABLE_ROLES = "[role=table],[role=row],[role=rowgroup],[role=rowheader],[role=columnheader],[role=cell],[role=gridcell]";

const two = (number) => String(number).padStart(2, "0");
// The component hands out dates whose local fields are the wall time that the feed gave.
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
export const wall = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${clock(date)}`;
const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function chairsOf(day) {
  const chairs = day.chairs.map((chair) => ({ id: chair.id, title: chair.name, extendedProps: { note: chair.note } }));
  const unplaced = day.bookings.some((booking) => booking.chair === null);
  return unplaced ? [{ id: ANY, title: "Any chair", extendedProps: { note: "not placed yet" } }, ...chairs] : chairs;
}

function label({ resource }) {
  const name = document.createElement("span");
  name.className = "chair-name";
  name.textContent = resource.title;
  const note = document.createElement("span");
  note.className = "chair-note";
  note.textContent = resource.extendedProps.note || "";
  return { domNodes: [name, note] };
}

function closedEvent(day, closed, index) {
  const chairs = closed.chair === null ? day.chairs.map((chair) => chair.id) : [closed.chair];
  return { id: `closed-${index}`, display: "background", start: closed.start, end: closed.end, resourceIds: chairs, title: closed.words };
}

function bookingEvent(booking, look, editable) {
  return {
    id: booking.id,
    start: booking.start,
    end: booking.end,
    resourceIds: [booking.chair ?? ANY],
    editable: editable && Boolean(booking.move_url),
    title: booking.name,
    classNames: ["st-bar", look.shape, booking.late ? "is-late" : "", `booking-${booking.id}`].filter(Boolean),
    extendedProps: booking,
  };
}

/** Its table roles come without the rows that they promise; none at all is honest, the list view is the table. */
function dropTableRoles(root) {
  for (const element of root.querySelectorAll(TABLE_ROLES)) {
    element.removeAttribute("role");
    element.removeAttribute("aria-colindex");
    element.removeAttribute("aria-colspan");
  }
}

function slotWidth(root, day) {
  const side = root.querySelector(".ec-sidebar")?.offsetWidth || 120;
  const slots = (minutes(day.closes) - minutes(day.opens)) / QUARTER;
  return Math.max(SMALLEST_SLOT, (root.clientWidth - side - 2) / slots);
}

/** Rows as tall as the window allows, so that eight chairs do not leave half of it blank. */
function fitRows(root, day) {
  const rows = chairsOf(day).length;
  const room = innerHeight - root.getBoundingClientRect().top - scrollY - 60;
  root.style.setProperty("--card-height", `${Math.min(58, Math.max(42, Math.floor(room / rows) - 6))}px`);
}

export function createGrid(root, { day, view, editable, onOpen, onMove, onEmpty, onBusy }) {
  const looks = readLooks();
  const touch = matchMedia("(pointer: coarse)").matches;
  let current = day;

  const chairName = (id) => chairsOf(current).find((chair) => chair.id === id)?.title || "";
  const events = () => [
    ...current.closed.map((closed, index) => closedEvent(current, closed, index)),
    ...current.bookings.map((booking) => bookingEvent(booking, looks(booking.state), editable)),
  ];

  function content({ event }) {
    if (event.display === "background") return { domNodes: [document.createTextNode("")] };
    const booking = event.extendedProps;
    // Where the clock shows a time twice, the server says which; while it is moved about, the grid does.
    const stands = wall(event.start) === booking.start;
    const times = (stands && booking.times) || [clock(event.start), clock(event.end)];
    return { domNodes: card(booking, looks(booking.state), chairName(event.resourceIds[0]), times) };
  }

  root.replaceChildren();
  const calendar = createCalendar(root, [ResourceTimeline, ResourceTimeGrid, Interaction], {
    view: VIEWS[view],
    date: current.date,
    // The clinic's offset, so that the line of "now" stands right whatever zone this browser is in.
    timeZone: current.now.slice(-6),
    nowIndicator: true,
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    slotMinTime: current.opens,
    slotMaxTime: current.closes,
    slotDuration: { minutes: QUARTER },
    slotLabelInterval: { hours: 1 },
    slotLabelFormat: clock,
    slotHeight: 22,
    slotWidth: slotWidth(root, current),
    snapDuration: { minutes: QUARTER },
    eventTimeFormat: (start) => clock(start),
    resources: chairsOf(current),
    resourceLabelContent: label,
    events: events(),
    eventContent: content,
    editable,
    // The length of a visit is the order's; it is changed in the drawer, never by a slip of the hand.
    eventDurationEditable: false,
    eventDragMinDistance: 8,
    eventLongPressDelay: 350,
    dragScroll: true,
    eventClick: ({ event, el }) => event.display !== "background" && onOpen(event.extendedProps, el),
    eventDragStart: () => onBusy(true),
    eventDragStop: () => onBusy(false),
    eventDrop: ({ event, revert }) =>
      onMove({ booking: event.extendedProps, start: wall(event.start), chair: event.resourceIds[0], revert }),
    dateClick: onEmpty && !touch ? ({ date, resource }) => onEmpty({ chair: resource.id, start: wall(date) }) : undefined,
    eventAllUpdated: () => dropTableRoles(root),
    viewDidMount: () => requestAnimationFrame(() => dropTableRoles(root)),
  });

  // Its slots have a fixed width: without this a wide screen stays blank at the right.
  function fit() {
    fitRows(root, current);
    calendar.setOption("slotWidth", slotWidth(root, current));
  }
  new ResizeObserver(fit).observe(root);
  addEventListener("resize", fit);
  requestAnimationFrame(() => {
    fit();
    dropTableRoles(root);
  });

  return {
    draw(next) {
      current = next;
      calendar.setOption("resources", chairsOf(next));
      calendar.setOption("events", events());
    },
    setView(name) {
      calendar.setOption("view", VIEWS[name]);
      requestAnimationFrame(() => dropTableRoles(root));
    },
    /** Shows a booking elsewhere without telling anybody: the preview of a move by keys. */
    show(booking, { start, end, chair }) {
      const moved = { ...booking, start, end, chair };
      calendar.updateEvent(bookingEvent(moved, looks(booking.state), editable));
    },
    chairs: () => chairsOf(current).map((chair) => chair.id),
    find: (id) => root.querySelector(`.booking-${CSS.escape(id)}`),
    idOf: (element) => [...element.classList].find((name) => name.startsWith("booking-"))?.slice("booking-".length),
  };
}
