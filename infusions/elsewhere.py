"""What the rooms beside us know of reaching patients. Nothing here may import them; the roof tells us as it starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from patients.models import Patient

# A patient and the type of the visit that they would have.
Wanted = tuple[Patient, UUID | None]
WhyNot = Callable[[Patient, UUID | None], str]
MayBe = Callable[[Sequence[Wanted]], set[UUID]]


@dataclass
class _Told:
    why_no_offer: WhyNot = lambda patient, visit_type: "Offers by message are not connected."  # noqa: ARG005
    may_be_offered: MayBe = lambda wanted: set()  # noqa: ARG005


_told = _Told()


def tell(*, why_no_offer: WhyNot, may_be_offered: MayBe) -> None:
    """Said once, by `config.web.apps`."""
    _told.why_no_offer, _told.may_be_offered = why_no_offer, may_be_offered


def why_no_offer(patient: Patient, visit_type: UUID | None) -> str:
    """Why this patient cannot be offered a place by message, for the desk to read; "" when they can."""
    return _told.why_no_offer(patient, visit_type)


def may_be_offered(wanted: Sequence[Wanted]) -> set[UUID]:
    """Of these patients those who can be offered a place by message, by id. Two queries at most."""
    return _told.may_be_offered(wanted)
