"""Addresses of what a clinic asks, and of what patients answered."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from infusions.measures import SHIPPED
from infusions.web import questionnaires, responses


class ShippedMeasure(StringConverter):
    """A measure that comes with the desk."""

    regex = "|".join(SHIPPED)


class OnOrOff(StringConverter):
    """In use, or not."""

    regex = "on|off"


register_converter(ShippedMeasure, "shipped_measure")
register_converter(OnOrOff, "on_or_off")

SETTINGS = "settings/questionnaires/"
urlpatterns = [
    path("patients/<uuid:patient_id>/questionnaires/", responses.of_patient, name="questionnaires"),
    path("patients/<uuid:patient_id>/questionnaires/<uuid:pk>/", responses.answer, name="questionnaire-answer"),
    path("visits/<uuid:pk>/questionnaires/", responses.of_visit, name="visit-questionnaires"),
    path(
        "visits/<uuid:pk>/questionnaires/<uuid:questionnaire_id>/",
        responses.answer_in_visit,
        name="visit-questionnaire",
    ),
    path("questionnaire-responses/<uuid:pk>/", responses.one, name="questionnaire-response"),
    path("questionnaire-responses/<uuid:pk>/correct/", responses.correct, name="questionnaire-response-correct"),
    path("questionnaire-responses/<uuid:pk>/strike/", responses.strike, name="questionnaire-response-strike"),
    path(SETTINGS, questionnaires.listed, name="settings-questionnaires"),
    path(f"{SETTINGS}new/", questionnaires.new, name="settings-questionnaire-new"),
    path(f"{SETTINGS}path/", questionnaires.path, name="settings-path"),
    path(f"{SETTINGS}history/", questionnaires.history, name="settings-questionnaires-history"),
    path(f"{SETTINGS}shipped/<shipped_measure:measure>/", questionnaires.switch_on, name="settings-switch-on"),
    path(f"{SETTINGS}<uuid:pk>/", questionnaires.one, name="settings-questionnaire"),
    path(f"{SETTINGS}<uuid:pk>/revise/", questionnaires.revise, name="settings-questionnaire-revise"),
    path(f"{SETTINGS}<uuid:pk>/<on_or_off:on>/", questionnaires.switch, name="settings-questionnaire-switch"),
]
