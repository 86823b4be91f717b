"""What is a visit made of? Its spans in order, and what each needs."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, act, page
from config.refusals import NotFound
from config.staff.permissions import Permission
from scheduling import visit_types
from scheduling.models import Need, Span, VisitType
from scheduling.spans import SpanSpec
from scheduling.touched import Changed
from scheduling.visit_types import specs_of, types_of
from scheduling.web.settings import Deed, carried_out, shown, simply
from scheduling.web.settings_spans import PRESSES, SpanForms, TypeForm, span_words

P = Permission


@page(P.MANAGE_CLINIC)
def types(request: StaffRequest) -> HttpResponse:
    """All of them, in the order in which they are taken."""
    return _page(request)


def _page(request: StaffRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    rows = [
        {"type": one, "spans": [span_words(span) for span in specs_of(one)]} for one in types_of(request.user.clinic)
    ]
    return shown(request, "settings-types", "settings_types", status=status, rows=rows, **context)


def found(request: StaffRequest, pk: UUID) -> VisitType:
    """The visit type, looked up in the person's clinic. Raises NotFound."""
    one = VisitType.objects.filter(clinic=request.user.clinic, pk=pk).prefetch_related("spans__needs").first()
    if one is None:
        raise NotFound("There is no such type of visit.")
    return one


@page(P.MANAGE_CLINIC)
def new(request: StaffRequest) -> HttpResponse:
    """One more type. The form begins with an arrival and an infusion, which nobody has to keep."""
    form = TypeForm(request.POST or None)
    spans = SpanForms.sent(request.POST) if request.method == "POST" else SpanForms.begun()

    def door(data: dict[str, Any]) -> Changed[Any]:
        given = {name: data[name] for name in ("name", "kind", "chair_kind")}
        return simply(
            visit_types.add_visit_type(clinic=request.user.clinic, spans=spans.read(), by=request.user, **given)
        )

    deed = Deed(door, "Add a visit type", "Add", "The visit type is added.", reverse("settings-types"))
    return _form(request, form, spans, deed)


@page(P.MANAGE_CLINIC)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change one: its name, its spans, whether it is in use."""
    stands = found(request, pk)
    names = ("name", "kind", "chair_kind", "in_use", "version")
    form = TypeForm(request.POST or None, initial={name: getattr(stands, name) for name in names})
    # What kind of visit it is stays: visits were booked as that.
    del form.fields["kind"]
    spans = SpanForms.sent(request.POST) if request.method == "POST" else SpanForms.of(specs_of(stands))

    def door(data: dict[str, Any]) -> Changed[Any]:
        given = {name: data[name] for name in ("name", "chair_kind", "in_use", "version")}
        return visit_types.change_visit_type(
            visit_type_id=pk, spans=spans.read(), by=request.user, now=timezone.now(), **given
        )

    deed = Deed(door, f"Change {stands.name}", "Save", f"{stands.name} is changed.", reverse("settings-types"))
    return _form(request, form, spans, deed, stands)


def _form(
    request: StaffRequest, form: TypeForm, spans: SpanForms, deed: Deed, stands: VisitType | None = None
) -> HttpResponse:
    def again(status: int) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "spans": spans, "type": stands, "now": []}
        if status == 409 and stands:
            context["now"] = [span_words(span) for span in specs_of(found(request, stands.pk))]
        return shown(request, "settings-types", "settings_type", status=status, **context)

    if request.method != "POST":
        return again(200)
    if any(name in request.POST for name in PRESSES):
        # A press that changes how many spans there are, and saves nothing.
        form.errors.clear()
        return again(200)
    if not spans.is_valid():
        form.is_valid()
        return again(422)
    return carried_out(request, form, deed, again)


@act(P.MANAGE_CLINIC)
def earlier(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One place up in the order: the first in use of each kind is taken when a booking names none."""
    moved = found(request, pk)
    return carried_out(
        request,
        TypeForm.nothing(request.POST),
        Deed(
            lambda _: visit_types.move_up(visit_type_id=moved.pk, by=request.user, now=timezone.now()),
            f"{moved.name} earlier",
            "Move it",
            f"{moved.name} is taken earlier now.",
            reverse("settings-types"),
        ),
        lambda status: _page(request, status=status),
    )


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what about this type."""
    one = found(request, pk)
    names = dict(Span.history.filter(visit_type=one).values_list("id", "name"))  # type: ignore[attr-defined]

    def need(row: Any) -> str:
        return f"{names.get(row.span_id, 'A span')} {_goes(row)} {_need_words(row)}"

    acts = [
        Strand(VisitType, "id", one.pk, says=_type_words),
        Strand(Span, "visit_type_id", one.pk, says=_span_line),
        Strand(Need, "span_id", list(names), says=need),
    ]
    return drawer(request, acts, title="History", sub=one.name, back=reverse("settings-type", args=[pk]))


def _type_words(row: Any) -> str:
    chair = f", {row.chair_kind} only" if row.chair_kind else ""
    return f"{row.name}: {row.kind}{chair}, {'in use' if row.in_use else 'not in use'}"


def _span_line(row: Any) -> str:
    length = f"{row.minutes} minutes" if row.minutes else "the rest of the visit"
    return f"Span {row.position + 1}, {row.name}, {length}{' taken away' if row.history_type == '-' else ''}"


def _goes(row: Any) -> str:
    return "no longer needs" if row.history_type == "-" else "needs"


def _need_words(row: Any) -> str:
    return span_words(SpanSpec("", None, [visit_types.need_of(row)]))["needs"]
