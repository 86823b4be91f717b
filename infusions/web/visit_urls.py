"""Addresses of the visit pages."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from infusions.models.flowsheet import FLOWSHEET
from infusions.web import histories, notes, printing, unsigned, visit_blanks, visits, visits_chart


class KindOfRow(StringConverter):
    """A kind of row of the flowsheet."""

    regex = "|".join(FLOWSHEET)


register_converter(KindOfRow, "row_kind")

urlpatterns = [
    path("appointments/<uuid:pk>/visit/", visits.open_visit, name="visit-open"),
    path("visits/<uuid:pk>/", visits.visit_page, name="visit"),
    path("visits/<uuid:pk>/sheet/", visits.sheet_part, name="visit-sheet"),
    path("visits/<uuid:pk>/acts/", visits.acts_part, name="visit-acts"),
    path("visits/<uuid:pk>/strip/", visits.strip_part, name="visit-strip"),
    path("visits/<uuid:pk>/history/", histories.visit_history, name="visit-history"),
    path("visits/<uuid:pk>/blank-forms/", visit_blanks.blank_forms, name="visit-blank-forms"),
    path("visits/<uuid:pk>/print/", printing.visit_print, name="visit-print"),
    path("visits/<uuid:pk>/finish/", visits.finish_consult, name="visit-finish"),
    path("visits/<uuid:pk>/newer-order/", visits.take_newer_order, name="visit-newer-order"),
    path("visits/<uuid:pk>/not-treated/", visits.ending, {"how": "not-treated"}, name="visit-not-treated"),
    path("visits/<uuid:pk>/stop-early/", visits.ending, {"how": "stop-early"}, name="visit-stop-early"),
    path("visits/<uuid:pk>/chart/<row_kind:kind>/", visits_chart.chart, name="visit-chart"),
    path("visits/<uuid:pk>/chart/<row_kind:kind>/<uuid:entry>/", visits_chart.correct, name="visit-correct"),
    path("visits/<uuid:pk>/event/", visits_chart.open_event, name="visit-event"),
    path("visits/<uuid:pk>/step/<slug:step>/", visits_chart.one_press, name="visit-step"),
    path("visits/<uuid:pk>/note/", notes.note, name="visit-note"),
    path("visits/<uuid:pk>/take-over/", unsigned.take_over, name="visit-take-over"),
    path("notes/", unsigned.unsigned_notes, name="notes-unsigned"),
    path("visits/<uuid:pk>/review/", notes.review, name="visit-review"),
    path("visits/<uuid:pk>/sign/", notes.sign, name="visit-sign"),
    path("visits/<uuid:pk>/addenda/", notes.addenda, name="visit-addenda"),
]
