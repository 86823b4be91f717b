"""Spans of a visit type as a manager writes them, and what makes sense of them. Plain values."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from config.refusals import Invalid
from scheduling.models.kinds import Part, VisitKind, What

LONGEST_SPAN = 720
WORDS = {
    What.CHAIR: "a chair",
    What.HANDS: "a nurse, hands on",
    What.WATCH: "a nurse who watches",
    What.CLINICIAN: "a clinician",
    What.RECOVERY: "a recovery place",
}


@dataclass(frozen=True)
class NeedSpec:
    """One thing that a span needs: all through, or for so many minutes at its beginning or end."""

    what: What
    part: Part = Part.ALL
    minutes: int | None = None

    @property
    def words(self) -> str:
        """`a chair`, `a clinician for the first 10 minutes`."""
        often = "" if self.part == Part.ALL else f" for the {self.part} {self.minutes} minutes"
        return f"{WORDS[What(self.what)]}{often}"


@dataclass(frozen=True)
class SpanSpec:
    """One stretch of a visit; without `minutes` it takes what the others leave."""

    name: str
    minutes: int | None
    needs: list[NeedSpec] = field(default_factory=list)

    def throughout(self, what: What) -> bool:
        return NeedSpec(what) in self.needs

    def minutes_of(self, what: What) -> int:
        """For how long it is needed at its ends, in minutes."""
        return sum(need.minutes or 0 for need in self.needs if need.what == what)


def check_spans(spans: Sequence[SpanSpec], kind: VisitKind) -> None:
    """Raise Invalid (spans) unless a visit can be made of them; `at` is the span's number from 0."""
    if not spans:
        raise Invalid("A visit has at least one span.", field="spans")
    if sum(span.minutes is None for span in spans) != 1:
        raise Invalid(
            "Exactly one span has no minutes of its own: it takes what the others leave of the visit.", field="spans"
        )
    for at, span in enumerate(spans):
        for text in _faults(span, kind):
            raise Invalid(f"{span.name or f'Span {at + 1}'}: {text}", field="spans", at=at)
    if sum(span.minutes or 0 for span in spans) > LONGEST_SPAN:
        raise Invalid(f"All spans together last at most {LONGEST_SPAN} minutes.", field="spans")
    _check_places(spans)


def _check_places(spans: Sequence[SpanSpec]) -> None:
    """From the chair to the recovery place, and not back."""
    moved = [span.throughout(What.RECOVERY) for span in spans]
    if moved[0]:
        raise Invalid("The visit begins in a chair, not in a recovery place.", field="spans")
    if moved != sorted(moved):
        raise Invalid("Nobody goes back from the recovery place to the chair.", field="spans")


def _faults(span: SpanSpec, kind: VisitKind) -> Iterator[str]:
    if not span.name.strip() or len(span.name) > 40:
        yield "give it a name of at most 40 characters."
    if span.minutes is not None and (span.minutes % 5 or not 5 <= span.minutes <= LONGEST_SPAN):
        yield f"5 to {LONGEST_SPAN} minutes, in fives."
    for need in span.needs:
        yield from _faults_of(need)
    yield from _place_faults(span)
    yield from _nurse_faults(span, kind)
    yield from _length_faults(span)


def _faults_of(need: NeedSpec) -> Iterator[str]:
    if need.what not in set(What) or need.part not in set(Part):
        yield "there is no such need."
    elif need.part == Part.ALL:
        if need.minutes is not None:
            yield f"{WORDS[need.what]} all through needs no minutes."
    elif need.what in {What.CHAIR, What.RECOVERY}:
        yield f"{WORDS[need.what]} is needed all through or not at all."
    elif need.minutes is None or need.minutes % 5 or need.minutes < 5:
        yield f"say for how many minutes it needs {WORDS[need.what]}, in fives."


def _place_faults(span: SpanSpec) -> Iterator[str]:
    chair, recovery = span.throughout(What.CHAIR), span.throughout(What.RECOVERY)
    if not chair and not recovery:
        yield "the patient needs a chair all through, or a recovery place."
    if chair and recovery:
        yield "the patient is either in the chair or in the recovery place."


def _nurse_faults(span: SpanSpec, kind: VisitKind) -> Iterator[str]:
    if span.throughout(What.HANDS) and span.throughout(What.WATCH):
        yield "a nurse with hands on the patient watches them already; choose one of the two."
    cared_for = span.throughout(What.HANDS) or span.throughout(What.WATCH)
    if kind == VisitKind.INFUSION and span.minutes is None and not cared_for:
        yield "while the infusion runs, a nurse watches or has hands on all through."


def _length_faults(span: SpanSpec) -> Iterator[str]:
    often = Counter((need.what, need.part) for need in span.needs)
    if any(count > 1 for count in often.values()):
        yield "the same need stands there twice."
    for what in What:
        if span.throughout(what) and span.minutes_of(what):
            yield f"it needs {WORDS[what]} all through already."
        if span.minutes is not None and span.minutes_of(what) > span.minutes:
            yield f"it needs {WORDS[what]} for longer than it lasts."
