"""The waitlist: who would take a place that comes free, and the place that was offered to them. All its doors.

Somebody joins for an infusion of their order, for a consult, or for an earlier time of a visit that they have. When a
place comes free (`freed_place`), `fits` says who could take it, in the order in which they wait; `offer` holds it for
the first and may offer it to more; the first yes has it (`answer`). Being booked in any other way ends the waiting.
Nothing is ever offered or booked by itself; what a patient says by the link in a message is a task for the desk.
"""

from infusions.waitlist.by_message import of_hold, open_by_message, say
from infusions.waitlist.entries import change, join, leave, open_entries, reopen
from infusions.waitlist.live import live_offers, offers_of
from infusions.waitlist.matching import Fit, Verdict, fits
from infusions.waitlist.offers import answer, offer, sweep, take_back
from infusions.waitlist.places import Place, freed_place, taken_since
from infusions.waitlist.wishes import what_words, wish_words

__all__ = [
    "Fit",
    "Place",
    "Verdict",
    "answer",
    "change",
    "fits",
    "freed_place",
    "join",
    "leave",
    "live_offers",
    "of_hold",
    "offer",
    "offers_of",
    "open_by_message",
    "open_entries",
    "reopen",
    "say",
    "sweep",
    "take_back",
    "taken_since",
    "what_words",
    "wish_words",
]
