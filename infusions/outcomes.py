"""How patients fare: their own numbers over the visits, as they were charted. Nothing is scored, labelled or judged."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from infusions.models import Administration, Discharge, PreVisitCheck, Visit, VitalsSet
from infusions.models.flowsheet import AdministrationKind
from patients.models import Patient


def pain_course(*, patient: Patient) -> list[tuple[date, int | None, int | None]]:
    """(day of the visit at the clinic, pain before, pain after) of each visit with either, oldest first; 0 to 10.

    Before is the pre-visit check's, else the first vital signs' before the start. After is the discharge's, else the
    last vital signs' since the start. None where nobody wrote it. What was charted on records that were merged into
    the patient's counts too. Five queries, however many visits.
    """
    theirs = Visit.objects.filter(models.Q(patient=patient) | models.Q(patient__merged_into=patient))
    visits = theirs.select_related("appointment", "clinic")
    of_patient = models.Q(visit__patient=patient) | models.Q(visit__patient__merged_into=patient)
    checks = _pain(PreVisitCheck.objects.standing().filter(of_patient))
    vitals = _pain(VitalsSet.objects.standing().filter(of_patient))
    leaving = _pain(Discharge.objects.standing().filter(of_patient))
    starts = dict(
        Administration.objects.standing()
        .filter(of_patient, kind=AdministrationKind.START)
        .values_list("visit", "observed_at")
    )
    course = []
    for visit in visits.order_by("appointment__start"):
        start = starts.get(visit.pk)
        taken = vitals[visit.pk]
        before = checks[visit.pk][-1:] or [(at, pain) for at, pain in taken if start is None or at <= start][:1]
        after = leaving[visit.pk][-1:] or [(at, pain) for at, pain in taken if start is not None and at > start][-1:]
        day = visit.appointment.start.astimezone(visit.clinic.tz).date()
        course.append((day, _only(before), _only(after)))
    return [point for point in course if point[1] is not None or point[2] is not None]


def _only(found: list[tuple[datetime, int]]) -> int | None:
    return found[0][1] if found else None


def _pain(rows: models.QuerySet[Any]) -> dict[UUID, list[tuple[datetime, int]]]:
    found: dict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
    written = rows.filter(pain__isnull=False).order_by("observed_at", "entered_at")
    for visit, at, pain in written.values_list("visit", "observed_at", "pain"):
        found[visit].append((at, pain))
    return found
