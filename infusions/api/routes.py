"""The API routes of this app: address, view set, name."""

from typing import Any

from infusions.api import visit_routes
from infusions.api.appointments import AppointmentViewSet
from infusions.api.candidacy import DecisionViewSet
from infusions.api.consents import ConsentViewSet, WordingViewSet
from infusions.api.orders import OrderViewSet
from infusions.api.questionnaires import FollowUpPathViewSet, QuestionnaireViewSet, ResponseViewSet
from infusions.api.screening import AnswerViewSet, DischargeItemViewSet, ItemViewSet
from infusions.api.series import SeriesViewSet
from infusions.api.substances import LocationViewSet, LogViewSet, SubstanceViewSet
from infusions.api.waitlist import WaitlistEntryViewSet, WaitlistOfferViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("candidacy-decisions", DecisionViewSet, "candidacy-decision"),
    ("screening-items", ItemViewSet, "screening-item"),
    ("discharge-items", DischargeItemViewSet, "discharge-item"),
    ("screening-answers", AnswerViewSet, "screening-answer"),
    ("questionnaires", QuestionnaireViewSet, "questionnaire"),
    ("questionnaire-responses", ResponseViewSet, "questionnaire-response"),
    ("follow-up-path", FollowUpPathViewSet, "follow-up-path"),
    ("consent-wordings", WordingViewSet, "consent-wording"),
    ("treatment-consents", ConsentViewSet, "treatment-consent"),
    ("orders", OrderViewSet, "order"),
    ("series", SeriesViewSet, "series"),
    ("appointments", AppointmentViewSet, "appointment"),
    ("waitlist-entries", WaitlistEntryViewSet, "waitlist-entry"),
    ("waitlist-offers", WaitlistOfferViewSet, "waitlist-offer"),
    ("storage-locations", LocationViewSet, "storage-location"),
    ("substances", SubstanceViewSet, "substance"),
    ("substance-log", LogViewSet, "substance-log-entry"),
    *visit_routes.ROUTES,
]
