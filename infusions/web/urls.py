"""Addresses of the pages of this app."""

from django.urls import path

from infusions.web import (
    blank_sheets,
    candidacy,
    consent_wordings,
    consents,
    course_urls,
    histories,
    listing,
    orders,
    outcome_urls,
    printing,
    screening,
    standing,
    substances_urls,
    visit_urls,
    waitlist_urls,
)

urlpatterns = [
    path("patients/<uuid:patient_id>/candidacy/", candidacy.candidacy_page, name="candidacy"),
    path("patients/<uuid:patient_id>/candidacy/history/", histories.candidacy_history, name="candidacy-history"),
    path("patients/<uuid:patient_id>/screening/", screening.screening_page, name="screening"),
    path("screening-items/", listing.list_page(listing.SCREENING), name="screening-list"),
    path("discharge-items/", listing.list_page(listing.DISCHARGE), name="discharge-list"),
    path("patients/<uuid:patient_id>/treatment-consents/", consents.treatment_consents, name="treatment-consents"),
    path("treatment-consents/<uuid:pk>/end/", consents.consent_end, name="treatment-consent-end"),
    path("treatment-consents/<uuid:pk>/document/", consents.consent_document, name="treatment-consent-document"),
    path("consent-wordings/", consent_wordings.wordings_page, name="consent-wordings"),
    path("consent-wordings/<uuid:pk>/retire/", consent_wordings.retire, name="consent-wording-retire"),
    path("consent-wordings/<uuid:pk>/bring-back/", consent_wordings.bring_back, name="consent-wording-bring-back"),
    path("consent-wordings/<uuid:pk>/ask/", consent_wordings.ask, name="consent-wording-ask"),
    path("patients/<uuid:patient_id>/screening/history/", histories.screening_history, name="screening-history"),
    path("screening-items/history/", histories.list_history(listing.SCREENING), name="screening-list-history"),
    path("discharge-items/history/", histories.list_history(listing.DISCHARGE), name="discharge-list-history"),
    path("consent-wordings/history/", histories.wordings_history, name="consent-wordings-history"),
    path(
        "patients/<uuid:patient_id>/treatment-consents/history/",
        histories.consents_history,
        name="treatment-consents-history",
    ),
    path("patients/<uuid:patient_id>/orders/new/", orders.order_new, name="order-new"),
    path("orders/<uuid:order_id>/", standing.order_page, name="order"),
    path("orders/<uuid:order_id>/review/", orders.order_review, name="order-review"),
    path("orders/<uuid:order_id>/sign/", orders.order_sign, name="order-sign"),
    path("orders/<uuid:order_id>/discard/", orders.order_discard, name="order-discard"),
    path("orders/<uuid:order_id>/history/", standing.order_history, name="order-history"),
    path("orders/<uuid:order_id>/print/", printing.order_print, name="order-print"),
    path("orders/<uuid:order_id>/release/", standing.order_release, name="order-release"),
    *(
        path(f"orders/<uuid:order_id>/{name}/", standing.standing_page(name), name=f"order-{name}")
        for name in standing.MOVES
    ),
    path("appointments/<uuid:pk>/blank-sheet/", blank_sheets.of_visit, name="blank-sheet"),
    path("board/blank-sheets/", blank_sheets.of_day, name="blank-sheets"),
    *course_urls.urlpatterns,
    *visit_urls.urlpatterns,
    *substances_urls.urlpatterns,
    *waitlist_urls.urlpatterns,
    *outcome_urls.urlpatterns,
]
