"""How each state looks and what it is called: the one list that chips, lists, the legend and the board read."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Look:
    """`icon` of the sprite, `shape` (a CSS class `look-…`) and the `word` that people read; `also` are other names."""

    key: str
    icon: str
    shape: str
    word: str | Promise
    also: tuple[str, ...] = ()


_VISITS = [
    Look("held", "clock-pause", "held", _("Held")),
    Look("requested", "inbox", "held", _("Requested")),
    Look("booked", "circle", "plain", _("Booked")),
    Look("confirmed", "check", "blue", _("Confirmed")),
    Look("asked_to_move", "message", "move", _("Wants another time"), ("wants_move",)),
    Look("arrived", "bell", "amber", _("Arrived")),
    Look("checked_in", "clipboard-check", "amber", _("Checked in")),
    Look("in_chair", "player-play", "teal", _("Infusing"), ("in_progress", "infusing")),
    Look("paused", "clock-pause", "paused", _("Paused")),
    Look("recovery", "armchair", "mint", _("Recovery")),
    Look("completed", "lock", "grey", _("Completed"), ("discharged",)),
    Look("no_show", "user-x", "red", _("No-show"), ("noshow",)),
    Look("cancelled", "ban", "grey", _("Cancelled")),
    Look("cancelled_by_patient", "ban", "grey", _("Cancelled by patient")),
    Look("cancelled_by_clinic", "ban", "grey", _("Cancelled by clinic")),
    Look("cancelled_late", "ban", "grey", _("Cancelled late")),
    Look("rescheduled", "transfer", "grey", _("Moved")),
    Look("released", "arrow-back-up", "grey", _("Released")),
    Look("not_treated", "ban", "red", _("Not treated")),
    Look("stopped_early", "alert-triangle", "red", _("Stopped early")),
    Look("transferred", "alert-triangle", "red", _("Transferred")),
    Look("unresolved", "alert-circle", "amber", _("No outcome yet")),
    Look("entered_in_error", "x", "grey", _("Entered in error")),
]

_REQUESTS = [
    Look("new", "inbox", "amber", _("New")),
    Look("contacted", "phone", "blue", _("Contacted")),
    Look("info_awaited", "hourglass", "move", _("Waiting for information")),
    Look("ready_for_review", "stethoscope", "mint", _("Ready for review")),
    Look("closed", "lock", "grey", _("Closed")),
    Look("declined_by_patient", "x", "grey", _("Declined by patient")),
]

_ORDERS = [
    Look("draft", "pencil", "held", _("Draft")),
    Look("active", "signature", "green", _("Active")),
    Look("signed", "signature", "green", _("Signed")),
    Look("on_hold", "player-pause", "amber", _("On hold")),
    Look("stopped", "ban", "red", _("Stopped")),
    Look("superseded", "history", "grey", _("Superseded")),
    Look("candidate", "check", "green", _("Candidate")),
    Look("not_candidate", "x", "red", _("Not a candidate"), ("not_a_candidate",)),
    Look("more_info", "hourglass", "amber", _("More information needed"), ("more_information_needed",)),
    Look("deferred", "clock", "move", _("Deferred")),
]

_CONSENTS = [
    Look("in_date", "circle-check", "green", _("In date")),
    Look("ran_out", "clock", "amber", _("Ran out")),
]

_MESSAGES = [
    Look("planned", "clock", "plain", _("Planned")),
    Look("due", "clock", "amber", _("Due")),
    Look("claimed", "send", "blue", _("Claimed"), ("sending",)),
    Look("submitted", "send", "blue", _("Submitted")),
    Look("accepted", "check", "green", _("Accepted"), ("sent",)),
    Look("delivered", "circle-check", "green", _("Delivered")),
    Look("undelivered", "alert-triangle", "red", _("Not delivered")),
    Look("failed_temporary", "refresh", "amber", _("Failed for now")),
    Look("failed_permanent", "alert-triangle", "red", _("Failed"), ("failed",)),
    Look("suppressed", "ban", "grey", _("Not sent")),
    Look("withdrawn", "arrow-back-up", "grey", _("Withdrawn"), ("voided",)),
    Look("unknown", "alert-circle", "amber", _("Unknown")),
    Look("to_read", "message", "amber", _("To be read")),
]

# What happened to controlled substances.
_STOCK = [
    Look("received", "inbox", "blue", _("Received")),
    Look("drawn", "droplet", "plain", _("Drawn")),
    Look("given", "activity-heartbeat", "mint", _("Given")),
    Look("wasted", "trash", "amber", _("Wasted")),
    Look("returned", "arrow-back-up", "grey", _("Returned")),
    Look("lost", "alert-triangle", "red", _("Lost")),
    Look("counted", "clipboard-check", "plain", _("Counted")),
]

_QUESTIONNAIRES = [
    Look("in_use", "circle-check", "green", _("In use")),
    Look("not_in_use", "circle-dashed", "held", _("Not in use")),
]

_ALL = [*_VISITS, *_REQUESTS, *_ORDERS, *_CONSENTS, *_MESSAGES, *_STOCK, *_QUESTIONNAIRES]
LOOKS = {name: look for look in _ALL for name in (look.key, *look.also)}

# In the order in which a visit passes them; the board's legend.
BOARD = [
    LOOKS[key]
    for key in [
        "held",
        "booked",
        "confirmed",
        "asked_to_move",
        "arrived",
        "checked_in",
        "in_chair",
        "paused",
        "recovery",
        "completed",
        "not_treated",
        "stopped_early",
        "no_show",
        "unresolved",
    ]
]


def look_of(state: object) -> Look:
    """The look of a state; one that is not listed is shown in its own word, neutrally."""
    key = str(getattr(state, "value", state)).lower().replace("-", "_").replace(" ", "_")
    return LOOKS.get(key) or Look(key, "circle", "plain", capfirst(key.replace("_", " ")))
