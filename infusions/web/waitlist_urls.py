"""Addresses of the waitlist."""

from django.urls import path

from infusions.web import waitlist, waitlist_offers

urlpatterns = [
    path("waitlist/", waitlist.waitlist_page, name="waitlist"),
    path("waitlist/<uuid:pk>/", waitlist.waitlist_entry, name="waitlist-entry"),
    path("waitlist/<uuid:pk>/leave/", waitlist.waitlist_leave, name="waitlist-leave"),
    path("waitlist/<uuid:pk>/reopen/", waitlist.waitlist_reopen, name="waitlist-reopen"),
    path("waitlist/<uuid:pk>/history/", waitlist.waitlist_history, name="waitlist-history"),
    path("waitlist/offers/<uuid:pk>/", waitlist_offers.waitlist_offer, name="waitlist-offer"),
    path("patients/<uuid:patient_id>/waitlist/", waitlist.waitlist_join, name="waitlist-join"),
    path("appointments/<uuid:pk>/freed/", waitlist_offers.freed_place, name="freed-place"),
]
