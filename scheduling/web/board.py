"""The day board: who is where now, and where is there room?"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, page
from config.staff.models import User
from config.staff.permissions import Permission, can
from scheduling import reading, watching
from scheduling.models import FormHold
from scheduling.reading import Day, DayVisit
from scheduling.states import PRESENT, Status
from scheduling.wall_clock import at_words, comes_twice, span_words
from scheduling.web.acts import acts, can_move
from scheduling.web.addresses import BLANK_SHEETS, MOVE, address

P = Permission
LIST = "day-list"
COUNTED = (
    ("without outcome", "without outcome"),
    ("late", "late"),
    ("here", "here"),
    ("to come", "to come"),
    ("done", "done"),
    ("no show", "no-show"),
    ("cancelled", "cancelled"),
)


@page(P.SEE_SCHEDULE)
def today(request: StaffRequest) -> HttpResponse:
    """Today at the clinic."""
    now = timezone.now()
    return _board(request, request.user.clinic.today(now), now)


@page(P.SEE_SCHEDULE)
def of_day(request: StaffRequest, day: date) -> HttpResponse:
    """Any day."""
    return _board(request, day, timezone.now())


def _board(request: StaffRequest, day: date, now: datetime) -> HttpResponse:
    shown = reading.day(clinic=request.user.clinic, day=day, now=now)
    view = request.GET.get("view", "")
    # The timeline asks for its bookings by itself: rows with their buttons are for the table alone.
    context = {
        **(listed(shown, request.user) if view == "list" else _above(shown)),
        "view": view if view in {"list", "timeline"} else "both",
        "previous": day - timedelta(days=1),
        "following": day + timedelta(days=1),
        "feed_url": reverse("board-feed", args=[day]),
        "add_url": reverse("appointment-new") if can(request.user, P.BOOK) else "",
        "sheets_url": address(BLANK_SHEETS),
    }
    return render(request, "scheduling/board.html", context)


def listed(shown: Day, person: User) -> dict[str, Any]:
    """Context for the table of a day: its rows with their buttons, the sentence, and what the next poll compares."""
    due = _due(shown, person)
    rows = [
        {
            "shown": row,
            "acts": acts(row.visit, person, shown.now),
            "shared": shown.shared.get(row.visit.pk),
            "due": due.get(row.visit.pk),
            "waits": row.visit.pk in shown.held_up,
        }
        for row in shown.visits
    ]
    return {**_above(shown), "rows": rows, "seen": _seen(shown)}


def _above(shown: Day) -> dict[str, Any]:
    """Context for what stands above the day: the sentence and the strip."""
    return {"day": shown, "sentence": sentence(shown), "load": load_bars(shown)}


def list_fragment(request: HttpRequest, person: User, day: date, **more: Any) -> HttpResponse:
    """The table alone, as an act on one of its rows is answered."""
    shown = reading.day(clinic=person.clinic, day=day, now=timezone.now())
    return render(request, "scheduling/day_list.html", {**listed(shown, person), **more})


@page(P.SEE_SCHEDULE)
def day_list(request: StaffRequest, day: date) -> HttpResponse:
    """The table alone, drawn anew after an act in the drawer."""
    return list_fragment(request, request.user, day)


def _seen(shown: Day) -> int:
    """Each change of a visit raises its version by one, and a new one begins at one."""
    return sum(row.visit.version for row in shown.visits)


def sentence(shown: Day) -> str:
    """`3 late, 5 here, 9 to come, 2 done. A chair is free at 14:00.`"""
    if not shown.visits:
        return "Nothing is booked."
    told = [f"{shown.counts[key]} {words}" for key, words in COUNTED if shown.counts[key]]
    return ", ".join(told) + "."


def room_words(shown: Day) -> str:
    """When the next chair is free; on another day than today, the first one."""
    if shown.closed:
        return ""
    if shown.next_free is None:
        return "No chair is free any more." if shown.is_today else "No chair is free."
    if shown.is_today and shown.next_free - shown.now < timedelta(minutes=5):
        return "A chair is free now."
    return f"A chair is free at {shown.next_free.astimezone(shown.clinic.tz):%H:%M}."


def held_words(shown: Day) -> str:
    """`Being booked: Chair 3, 13:00 to 14:00, by Ana Ortiz until 12:10.`"""
    told = [
        f"{held.chair.name}, {span_words(held.start, held.end, shown.clinic.tz)}, {_holder(held, shown)}"
        for held in shown.held
    ]
    return f"Being booked: {'; '.join(told)}." if told else ""


def _holder(held: FormHold, shown: Day) -> str:
    return f"by {held.held_by.full_name} until {held.held_until.astimezone(shown.clinic.tz):%H:%M}"


BAR_WIDTH, BAR_HEIGHT = 9, 20


def load_bars(shown: Day) -> dict[str, Any]:
    """The strip above the board: chairs in use by half hours, drawn by the template and said in words."""
    most = max(len(shown.chairs_in_service), *(bar.used for bar in shown.load), 1)
    bars = []
    for nth, bar in enumerate(shown.load):
        height = round(BAR_HEIGHT * bar.used / most)
        bars.append(
            {
                "x": nth * BAR_WIDTH,
                "y": BAR_HEIGHT - height,
                "height": height,
                "words": f"{bar.at.astimezone(shown.clinic.tz):%H:%M}: {bar.used} in use, {bar.starts} starting",
            }
        )
    fullest = max(shown.load, key=lambda bar: bar.used, default=None)
    return {
        "bars": bars,
        "width": len(bars) * BAR_WIDTH,
        "height": BAR_HEIGHT,
        "bar": BAR_WIDTH - 2,
        "in_use": shown.chairs_in_use,
        "chairs": len(shown.chairs_in_service),
        "nurses": shown.nurses,
        "fullest": fullest if fullest and fullest.used else None,
        "room": room_words(shown),
        "held": held_words(shown),
    }


@page(P.SEE_SCHEDULE)
def counts(request: StaffRequest, day: date) -> HttpResponse:
    """The sentence and the strip alone, asked for again every few seconds. No input ever stands in it."""
    shown = reading.day(clinic=request.user.clinic, day=day, now=timezone.now())
    return render(request, "scheduling/board_counts.html", _above(shown))


@page(P.SEE_SCHEDULE)
def changes(request: StaffRequest, day: date) -> HttpResponse:
    """How many changes there were since the table was drawn: only a count, the table waits for the press."""
    shown = reading.day(clinic=request.user.clinic, day=day, now=timezone.now())
    seen = request.GET.get("seen", "")
    count = max(0, _seen(shown) - int(seen)) if seen.isascii() and seen.isdecimal() else 0
    return render(request, "components/changes_bar.html", {"count": count})


@page(P.SEE_SCHEDULE)
def feed(request: StaffRequest, day: date) -> JsonResponse:
    """What the board's script reads; times are the clinic's wall, without a zone (docs/front-end.md)."""
    shown = reading.day(clinic=request.user.clinic, day=day, now=timezone.now())
    due = _due(shown, request.user)
    closes = f"{shown.closes:%H:%M}" if shown.closes.date() == day else "24:00"
    return JsonResponse(
        {
            "date": day.isoformat(),
            "now": shown.now.astimezone(shown.clinic.tz).isoformat(timespec="seconds"),
            "opens": f"{shown.opens:%H:%M}",
            "closes": closes,
            "chairs": [{"id": str(c.pk), "name": c.name, "note": c.pod or c.get_kind_display()} for c in shown.chairs],
            "closed": _closed(shown),
            "bookings": [
                *(_booking(row, request.user, shown, due.get(row.visit.pk)) for row in shown.on_board),
                *(_being_booked(held, shown) for held in shown.held),
            ],
        }
    )


def _due(shown: Day, person: User) -> dict[UUID, datetime]:
    """When those who are here are to be looked at again, as far as this person may know."""
    return watching.due(person, [row.visit.pk for row in shown.visits if row.visit.status in PRESENT])


def _closed(shown: Day) -> list[dict[str, Any]]:
    stretches = [
        {
            "chair": None,
            "start": f"{start:%Y-%m-%dT%H:%M}",
            "end": f"{end:%Y-%m-%dT%H:%M}",
            "words": shown.closed or "Closed",
        }
        for start, end in shown.shut
    ]
    whole = {"start": f"{shown.opens:%Y-%m-%dT%H:%M}", "end": f"{shown.closes:%Y-%m-%dT%H:%M}"}
    out = [{"chair": str(c.pk), "words": "Out of service", **whole} for c in shown.chairs if not c.in_service]
    return stretches + out


def _marks(row: DayVisit, shown: Day) -> list[str]:
    """What somebody has to see of a visit from across the room."""
    marks = [f"{shown.shared[row.visit.pk]} in this chair"] if row.visit.pk in shown.shared else []
    waits = row.visit.pk in shown.held_up
    return [*marks, *["chair not free yet"] * waits, *["needs repair"] * bool(row.visit.needs_repair)]


def _on_the_wall(start: datetime, end: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Beginning and end as the board draws them, by the face of the clock alone. An end that the face shows twice might
    stand before the beginning: it is drawn as far from it as the visit is long. `times` are the words for both where
    one of them comes twice."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    drawn = first.replace(tzinfo=None) + (end - start) if comes_twice(last) else last
    return {
        "start": f"{first:%Y-%m-%dT%H:%M}",
        "end": f"{drawn:%Y-%m-%dT%H:%M}",
        "times": [at_words(start, zone), at_words(end, zone)] if comes_twice(first) or comes_twice(last) else None,
    }


def _booking(row: DayVisit, person: User, shown: Day, due: datetime | None) -> dict[str, Any]:
    visit = row.visit
    return {
        "id": str(visit.pk),
        "chair": str(visit.chair_id),
        **_on_the_wall(visit.start, visit.end, visit.clinic.tz),
        "name": shown.names[visit.patient_id],
        "state": row.state,
        "detail": " ".join(filter(None, [row.detail, row.place])),
        "mark": ", ".join(_marks(row, shown)),
        "late": row.late,
        "due": due.isoformat() if due else None,
        "version": visit.version,
        "url": reverse("appointment", args=[visit.pk]),
        "move_url": address(MOVE, visit.pk) if can_move(visit, person) else None,
    }


def _being_booked(held: FormHold, shown: Day) -> dict[str, Any]:
    """What a form holds, as the board draws it: nobody's yet."""
    return {
        "id": str(held.pk),
        "chair": str(held.chair_id),
        **_on_the_wall(held.start, held.end, shown.clinic.tz),
        "name": "Being booked",
        "state": Status.HELD,
        "detail": _holder(held, shown),
        "mark": "",
        "late": False,
        "due": None,
        "version": held.version,
        "url": reverse("form-hold", args=[held.pk]),
        "move_url": None,
    }
