"""One person asks twice: the press that says so."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from config.http.pages import StaffRequest, act
from config.refusals import Refused
from config.staff.permissions import Permission
from patients import asked_twice
from patients.web.intake import of_clinic, shown


@act(Permission.ANSWER_REQUESTS)
def same_as(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Close it and go to the request that goes on; the bar there takes it back."""
    found = get_object_or_404(of_clinic(request), pk=pk)
    other = get_object_or_404(of_clinic(request), pk=_named(request))
    try:
        asked_twice.same_as(request_id=found.pk, other_id=other.pk, by=request.user)
    except Refused as refusal:
        return shown(request, pk, status=422 if refusal.status == 400 else refusal.status, problem=refusal.message)
    return redirect(f"{reverse('intake-request', args=[other.pk])}?ended={found.pk}&was={found.status}")


def _named(request: StaffRequest) -> UUID:
    try:
        return UUID(request.POST.get("other", ""))
    except ValueError:
        raise Http404 from None
