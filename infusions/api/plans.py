"""A plan for booked visits, as the API shows it."""

from typing import Any

from infusions.repair import Plan


def planned(plan: Plan) -> dict[str, Any]:
    """Each visit beside its proposal; no visits when there is none, with the reason."""
    pairs = zip(plan.visits, plan.proposal.visits, strict=False)
    return {
        "visits": [
            {"visit": visit, "to": to, "stays": visit.start == to.start, "minutes": plan.minutes.get(visit.pk)}
            for visit, to in pairs
        ],
        "left": [{"visit": visit, "words": words} for visit, words in plan.left],
        "failure": plan.proposal.failure,
        "failed": plan.proposal.failed,
    }
