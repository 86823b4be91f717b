"""Invented people and records for the parts page. None of them is in any database."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from config.audit.reading import Change, HistoryEntry, Told

NOTES = {7: "Recliner", 8: "Bed, private room"}
CHAIRS = [(f"c{n}", f"Chair {n}", NOTES.get(n, "")) for n in range(1, 9)]
NAMES = ["Okafor", "Lindqvist", "Haddad", "Tanaka", "Moreau", "Petrov", "Kovács", "Osei", "Duarte"]
# start, minutes, state and words: one pattern, shifted a little from chair to chair
DAY = [
    ("08:00", 60, "completed", "1/6"),
    ("09:15", 75, "completed", "2/6"),
    ("10:45", 90, "recovery", "3/6"),
    ("12:30", 60, "booked", "4/6"),
    ("14:15", 75, "confirmed", "5/6"),
    ("16:00", 45, "booked", "1/6"),
]
SPECIAL = {
    (1, 2): ("in-progress", "00:42 · 3/6"),
    (2, 2): ("arrived", "10:48 · 2/6"),
    (3, 2): ("paused", "01:05 · 4/6"),
    (4, 3): ("held", "until 14:00"),
    (5, 3): ("asked-to-move", "5/6"),
    (6, 1): ("no-show", "2/6"),
    (7, 2): ("checked-in", "11:02 · 1/6"),
    (4, 2): ("in-progress", "00:18 · 6/6"),
}
NOW = datetime(2026, 11, 23, 11, 27, tzinfo=UTC)


def somebody(**changes: Any) -> SimpleNamespace:
    """A patient as the banner reads one."""
    facts: dict[str, Any] = {
        "family_name": "Okafor",
        "given_name": "Ada",
        "preferred_name": "",
        "birth_date": date(1978, 3, 14),
        "record_number": "IC-00417",
        "allergy_state": "listed",
        "allergies_confirmed_at": None,
        "allergies_confirmed_by": None,
        "alert": "",
        "deceased": False,
        "deceased_on": None,
    }
    return SimpleNamespace(**facts | changes)


def banners() -> list[dict[str, Any]]:
    """The banner in each state that must not be mistaken for another."""
    confirmed = {
        "allergies_confirmed_at": NOW,
        "allergies_confirmed_by": "M. Santos, MD",
    }
    kovacs = {"family_name": "Kovács", "given_name": "Zsófia", "preferred_name": "Zsofi", "record_number": "IC-00102"}
    singh = {"family_name": "Singh", "given_name": "Harpreet", "record_number": "IC-00230"}
    gone = {"family_name": "Moreau", "given_name": "Luc", "deceased": True, "deceased_on": date(2026, 5, 2)}
    return [
        {"patient": somebody(), "allergies": ["latex (rash)", "penicillin"]},
        {"patient": somebody(**kovacs, allergy_state="not-asked", alert="Hard of hearing, left side"), "allergies": []},
        {
            "patient": somebody(**singh, **confirmed, allergy_state="none-known", birth_date=date(2004, 11, 24)),
            "allergies": [],
        },
        {"patient": somebody(**gone, birth_date=None, allergy_state="not-asked"), "allergies": []},
    ]


def bookings() -> list[dict[str, Any]]:
    """A morning in eight chairs, as the board's feed gives it."""
    found = []
    for row, (chair, name, _) in enumerate(CHAIRS):
        for column, (starts, minutes, state, detail) in enumerate(DAY):
            if (row + column) % 7 == 6:
                continue
            number = row * len(DAY) + column
            start = datetime.combine(NOW.date(), time.fromisoformat(starts)) + timedelta(minutes=15 * (row * 3 % 4))
            state, detail = SPECIAL.get((row, column), (state, detail))
            found.append(_booking(number, chair, name, start, minutes, state, detail))
    found.append(_booking(90, None, "Any chair", datetime.combine(NOW.date(), time(13)), 60, "booked", "1/6"))
    return found


def _booking(
    number: int, chair: str | None, chair_name: str, start: datetime, minutes: int, state: str, detail: str
) -> dict[str, Any]:
    return {
        "id": f"b{number}",
        "chair": chair,
        "chair_name": chair_name,
        "start": start.isoformat(timespec="minutes"),
        "end": (start + timedelta(minutes=minutes)).isoformat(timespec="minutes"),
        "name": f"{'ABCDEFGH'[number % 8]}. {NAMES[number % len(NAMES)]}",
        "state": state,
        "detail": detail,
        "late": number == 3,
        "version": 1,
        "url": f"/styleguide/drawer/{number}/",
        "move_url": f"/styleguide/board/move/{number}/" if state in {"booked", "confirmed", "held"} else None,
    }


def entries() -> list[HistoryEntry]:
    """History as the drawer shows it."""
    moved = [
        Change("start", "Mon 23 Nov 2026, 13:00 EST", "Mon 23 Nov 2026, 14:15 EST"),
        Change("chair", "Chair 2", "Chair 5"),
    ]
    before = "Comes by taxi with her brother. Speaks Spanish and some English; reads neither well without her glasses."
    noted = [Change("accessibility needs", before, before.replace("by taxi", "on foot") + " Wants the window.")]
    agreed = [Change("granted", "", "yes"), Change("how", "", "Spoken")]
    return [
        _entry(NOW, "Maya Santos", "staff", Told("", "", "changed", moved), reason="Driver is late"),
        _entry(NOW - timedelta(hours=3), "The patient", "patient link", Told("Confirmed the visit", "", "changed")),
        _entry(NOW - timedelta(days=1), "Nils Berg", "staff", Told("", "", "changed", noted)),
        _entry(
            NOW - timedelta(days=6),
            "Ana Ortiz",
            "staff",
            Told("Created", "", "created", [Change("family name", "", "Okafor")]),
            Told("Text messages", "Text messages", "created", agreed),
        ),
    ]


def _entry(at: datetime, who: str, source: str, *told: Told, reason: str = "") -> HistoryEntry:
    return HistoryEntry("sample-1", at, who, source, reason, list(told))


PAIN = [
    {"label": "2 Nov", "Before": 8, "After": 6},
    {"label": "5 Nov", "Before": 7, "After": 4},
    {"label": "9 Nov", "Before": 7, "After": 4},
    {"label": "12 Nov", "Before": 6, "After": None},
    {"label": "16 Nov", "Before": 5, "After": 3},
    {"label": "19 Nov", "Before": 5, "After": 2},
]


def mood() -> dict[str, list[dict[str, Any]]]:
    """Numbers on an axis of time with a gap in it, and the visits beside them."""
    values = [(0, 14), (7, 11), (14, None), (21, 9), (35, 10)]
    return {
        "points": [
            _moment(days) | {"value": value, "words": "" if value is not None else "not complete, 8 of 9"}
            for days, value in values
        ],
        "visits": [_moment(days) for days in (1, 8, 15, 22)],
    }


def _moment(days: int) -> dict[str, Any]:
    at = NOW + timedelta(days=days)
    return {"at": at, "label": f"{at.day} {at:%b %Y}"}
