"""Which models, fields and names the clinical rule is about, read from the models themselves."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field, Model

from config.audit.models import STAMPS, HistoricalRow
from infusions.clinical import ClinicianEntry, entry_models
from infusions.models import Order

# What frames an entry: who, when, about whom, instead of what. Everything else on an entry is what a clinician wrote.
FRAME = frozenset(
    """
    id version actor recorded_at txid author entered_at observed_at client_id clinic patient visit request candidacy
    event supersedes supersedes_reason correction_reason confirmed_unusual entered_in_error discarded_at location
    retired signed_at signed_name signed_meaning content_hash
    """.split()
)
# Models of this app that hold no clinical word, with all that they hold.
NOT_CLINICAL: dict[str, set[str]] = {
    "Visit": {"id", "version", "clinic", "patient", "appointment", "order", "opened_at", "opened_by"},
    "OrderStanding": {"id", "version", "order", "patient", "status", "reason", "since", "moved_by"},
    "Fulfilment": {"id", "version", "order", "patient", "series"},
    "ExceptionUse": {"id", *STAMPS, "exception", "appointment"},
    "WaitlistEntry": set(
        """
        id version clinic patient order appointment visit_start minutes weekdays time_from time_until earliest latest
        notice_hours note since added_by closed_at closed_reason
        """.split()
    ),
    "WaitlistOffer": set(
        """
        id version entry round chair start minutes hold visit how made_at made_by expires_at said said_at answer
        answered_at
        """.split()
    ),
    "DischargeItem": {"id", "version", "clinic", "wording", "position", "retired_at"},
    "StorageLocation": {"id", "version", "clinic", "name", "address", "registration_number", "in_use"},
    # What patients are asked, and their own answers: chosen by them, of what a clinic offers.
    "Questionnaire": set(
        "id version clinic canonical edition kind title instruction copyright plain_sum published_at active".split()
    ),
    "QuestionnaireItem": {"id", "actor", "recorded_at", "txid", "questionnaire", "position", "wording"},
    "AnswerOption": {"id", "actor", "recorded_at", "txid", "item", "position", "label", "value"},
    "QuestionnaireResponse": set(
        """
        id actor recorded_at txid identifier patient questionnaire visit appointment authored_at entered_at source
        entered_by client_id supersedes correction_reason entered_in_error
        """.split()
    ),
    "QuestionnaireAnswer": {"id", "actor", "recorded_at", "txid", "response", "item", "option"},
    "QuestionnaireSchedule": {"id", "version", "clinic", "canonical", "days_after"},
    "FollowUpPath": {"id", "version", "clinic", "role", "due", "words"},
    "ScreeningItem": {"id", "version", "clinic", "wording", "position", "retired_at"},
    "ConsentWording": {"id", "version", "clinic", "kind", "edition", "text", "needed_to_start", "retired_at"},
}
# Counts and gaps are handed to scheduling as plain values by these names; "given" is a word of everyday code, and
# "wasted" the kind of a row in the substance log, which has its look like every other state.
HANDED_OVER = frozenset({"visits", "min_gap_days", "max_gap_days", "given", "wasted"})


def own_models() -> Iterator[type[Model]]:
    """All of this app's models, history left out."""
    for model in apps.get_app_config("infusions").get_models():
        if not issubclass(model, HistoricalRow):
            yield model


def written(model: type[Model]) -> list[Field]:
    """The fields of an entry in which a clinician writes."""
    return [field for field in model._meta.concrete_fields if field.name not in FRAME]


def clinical_fields() -> Iterator[tuple[type[ClinicianEntry], Field]]:
    for model in entry_models():
        for field in written(model):
            yield model, field


def clinical_names() -> set[str]:
    """The names of all fields in which clinicians write."""
    return {field.name for _, field in clinical_fields()}


def dosing_names() -> set[str]:
    """All of the order's fields, and every amount or rate with its unit, wherever it is charted."""
    names = {field.name for field in written(Order)}
    for model in entry_models():
        have = {field.name for field in written(model)}
        names |= {name for name in have if f"{name}_unit" in have} | {name for name in have if name.endswith("_unit")}
    return names
