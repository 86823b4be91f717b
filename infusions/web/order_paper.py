"""A signed order as it stands on paper: as the review reads it back, how it stands in words, and its signature."""

from typing import Any

from infusions import signing
from infusions.models import Order
from infusions.models.course import IN_FORCE
from infusions.read_back import unwritten
from infusions.states import OrderStatus
from infusions.web.exceptions import listed
from infusions.web.orders import sections_of

S = OrderStatus
STANDS = {
    S.ACTIVE: "In force when this was printed.",
    S.ON_HOLD: "On hold: nothing is booked or begun on it until a prescriber resumes it.",
    S.COMPLETED: "Completed: no longer in force.",
    S.STOPPED: "Stopped for good: no longer in force.",
    S.SUPERSEDED: "Superseded by a newer version: no longer in force.",
    S.ENTERED_IN_ERROR: "Entered in error: it should never have been signed. Nothing is given on it.",
}


def on_paper(order: Order) -> dict[str, Any]:
    """What `infusions/order_paper.html` shows of a signed order, whichever version it is."""
    standing = order.standing
    return {
        "order": order,
        "what": f"Protocol order, {standing.status.replace('-', ' ')}",
        "stands": STANDS[S(standing.status)],
        "standing": standing,
        "is_active": standing.status == S.ACTIVE,
        "newer": _newer(order) if standing.status not in IN_FORCE else None,
        "sections": sections_of(order),
        "unwritten": unwritten(order),
        "intact": signing.is_intact(order),
        "given": [one | {"intact": signing.is_intact(one["exception"])} for one in listed(order)],
    }


def _newer(order: Order) -> Order | None:
    return Order.objects.filter(supersedes=order, signed_at__isnull=False).first()
