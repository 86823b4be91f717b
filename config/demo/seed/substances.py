"""A few rows of the controlled-substance log, for visits that were charted. Words hold the place of figures."""

from datetime import datetime, timedelta
from typing import Any

from config.demo.seed.courses import INVENTED
from config.demo.seed.place import House
from infusions import substances
from infusions.models import StorageLocation, Substance, Visit
from infusions.models.substances import LogKind
from scheduling.states import Status

K = LogKind
HOW_MUCH: dict[str, Any] = {"quantity": "invented", "quantity_unit": "not a unit"}
STOCK: dict[str, Any] = {**HOW_MUCH, "lot": "INVENTED", "expiry": "invented"}


def keep_a_log(house: House, now: datetime) -> None:
    """A location, two substances, what came in a month ago, and what became of it in the last visits of the day."""
    place = substances.add_location(
        name="Medication room",
        address=house.clinic.address,
        registration_number="INVENTED",
        by=house.manager,
    )
    first, second = (_described(house, name, now) for name in ("Invented agent", "Invented rescue drug"))
    log = _Log(house, place)
    for substance in (first, second):
        log.row(K.RECEIVED, now - timedelta(days=30), substance, supplier="Example Supplies", invoice="INVENTED")
    for visit in _last_visits(house):
        log.visit(visit, first)
    log.row(K.COUNTED, now - timedelta(minutes=5), first, count_moment="opening", remark=INVENTED)


class _Log:
    """Rows of one location, each written by the visit's nurse at the time when it happened."""

    def __init__(self, house: House, place: StorageLocation) -> None:
        self.house, self.place = house, place

    def row(self, kind: LogKind, at: datetime, substance: Substance, **more: Any) -> None:
        by = more.pop("by", self.house.nurses[0])
        said = {**STOCK, "substance": substance, **more}
        substances.write(location_id=self.place.pk, kind=kind, by=by, now=at, **said)

    def visit(self, visit: Visit, substance: Substance) -> None:
        """Drawn before, given, and what was left wasted before a prescriber."""
        nurse, start = visit.opened_by, visit.opened_at
        self.row(K.DRAWN, start + timedelta(minutes=4), substance, visit=visit, by=nurse)
        self.row(K.GIVEN, start + timedelta(minutes=6), substance, visit=visit, by=nurse)
        self.row(
            K.WASTED,
            start + timedelta(minutes=8),
            substance,
            visit=visit,
            by=nurse,
            reason=INVENTED,
            witness=self.house.prescriber,
            witness_password=self.house.password,
        )


def _described(house: House, name: str, now: datetime) -> Substance:
    said = {"form": "invented", "strength": "invented", "strength_unit": "not a unit", "package": "invented"}
    return substances.describe(by=house.nurses[0], now=now - timedelta(days=30), name=name, **said)


def _last_visits(house: House) -> list[Visit]:
    done = Visit.objects.filter(clinic=house.clinic, appointment__status=Status.COMPLETED)
    return list(done.select_related("opened_by").order_by("-opened_at")[:2])
