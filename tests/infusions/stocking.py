"""A locked cabinet, what is kept in it, and rows of its log, made through the doors. All of it is nonsense."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.staff.models import User
from infusions import substances
from infusions.models import StorageLocation, Substance, SubstanceLogEntry
from infusions.models.substances import LogKind
from tests.conftest import PASSWORD

VIAL: dict[str, str] = {
    "name": "Examplamine",
    "form": "liquid",
    "strength": "3",
    "strength_unit": "spoons a cup",
    "package": "box of 12 jars",
}
# The least that a row of each kind says, besides what it is and how much.
LEAST: dict[LogKind, dict[str, Any]] = {
    LogKind.RECEIVED: {"supplier": "Acme Jars"},
    LogKind.DRAWN: {},
    LogKind.GIVEN: {},
    LogKind.WASTED: {"reason": "Left in the jar"},
    LogKind.RETURNED: {"recipient": "Acme Jars"},
    LogKind.LOST: {"reason": "Jar fell"},
    LogKind.COUNTED: {"count_moment": "opening"},
}


def cabinet(by: User, name: str = "Cabinet A") -> StorageLocation:
    return substances.add_location(name=name, address="12 Harbour Street", registration_number="XX0000000", by=by)


def jars(by: User, now: datetime, **said: str) -> Substance:
    return substances.describe(by=by, now=now, **{**VIAL, **said})


@dataclass
class Store:
    """A cabinet with one substance. `clock` moves on by itself, a minute a row."""

    location: StorageLocation
    substance: Substance
    nurse: User
    witness: User
    clock: datetime

    def now(self, minutes: int = 1) -> datetime:
        self.clock += timedelta(minutes=minutes)
        return self.clock

    def row(self, kind: LogKind, **more: Any) -> dict[str, Any]:
        """What a row of this kind says at least, as values for `write`."""
        said = {"substance": self.substance, "quantity": "2", "quantity_unit": "jars", **LEAST[kind]}
        if kind == LogKind.WASTED:
            said |= {"witness": self.witness, "witness_password": PASSWORD}
        return {**said, **more}

    def write(self, kind: LogKind = LogKind.RECEIVED, **more: Any) -> SubstanceLogEntry:
        by, now = more.pop("by", self.nurse), more.pop("now", None) or self.now()
        said = self.row(kind, **more)
        return substances.write(location_id=self.location.pk, kind=kind, by=by, now=now, **said)

    def correct(self, entry: SubstanceLogEntry, **more: Any) -> SubstanceLogEntry:
        by, why = more.pop("by", self.nurse), more.pop("correction_reason", "Misread")
        said = self.row(LogKind(entry.kind), **more)
        return substances.correct(entry_id=entry.pk, correction_reason=why, by=by, now=self.now(), **said)

    def strike(self, entry: SubstanceLogEntry, **more: Any) -> SubstanceLogEntry:
        by, why = more.pop("by", self.nurse), more.pop("correction_reason", "Never happened")
        return substances.strike(entry_id=entry.pk, correction_reason=why, by=by, now=self.now(), **more)


@pytest.fixture(name="store")
def open_store(vera: User, nils: User, mara: User, now: datetime) -> Store:
    return Store(location=cabinet(vera), substance=jars(nils, now), nurse=nils, witness=mara, clock=now)
