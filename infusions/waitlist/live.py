"""Offers that wait for their answer, and what is held for them. Reads alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from config.staff.models import Clinic
from infusions.models import WaitlistOffer
from infusions.waitlist.places import Place
from scheduling.states import Status

SHOWN = ("entry__patient", "entry__clinic", "entry__order", "entry__appointment", "chair", "made_by", "hold")


def live_offers(clinic: Clinic, *, now: datetime) -> QuerySet[WaitlistOffer]:
    """Offers that wait for their answer, the first to run out first."""
    waiting = WaitlistOffer.objects.filter(entry__clinic=clinic, answer="", expires_at__gt=now)
    return waiting.select_related(*SHOWN).order_by("expires_at", "made_at", "id")


def offers_of(place: Place, *, now: datetime) -> list[WaitlistOffer]:
    """The live offers of this place, the first one first."""
    found = live_offers(place.clinic, now=now).filter(chair=place.chair, start__lt=place.end).order_by("made_at", "id")
    return [offer for offer in found if offer.start + timedelta(minutes=offer.minutes) > place.start]


def holds_of(rounds: Iterable[UUID]) -> list[UUID]:
    """The visits by which these places are held now."""
    held = WaitlistOffer.objects.filter(round__in=list(rounds), hold__status=Status.HELD)
    return list(held.values_list("hold", flat=True))
