"""Addresses of the controlled-substance log."""

from django.urls import path

from infusions.web import substances, substances_export, substances_keep, substances_write

urlpatterns = [
    path("substance-log/", substances.locations_page, name="substances"),
    path("substance-log/locations/new/", substances_keep.location_new, name="storage-location-new"),
    path("substance-log/locations/<uuid:pk>/", substances.log_page, name="substance-log"),
    path("substance-log/locations/<uuid:pk>/edit/", substances_keep.location_edit, name="storage-location-edit"),
    path("substance-log/locations/<uuid:pk>/history/", substances.history, name="storage-location-history"),
    path("substance-log/locations/<uuid:pk>/counts/", substances.counts_page, name="substance-counts"),
    path("substance-log/locations/<uuid:pk>/export/", substances_export.export, name="substance-export"),
    path("substance-log/locations/<uuid:pk>/write/<slug:kind>/", substances_write.write, name="substance-write"),
    path("substance-log/rows/<uuid:entry>/correct/", substances_write.correct, name="substance-correct"),
    path("substance-log/substances/new/", substances_keep.substance_new, name="substance-new"),
    path("substance-log/substances/<uuid:pk>/", substances_keep.substance_anew, name="substance-anew"),
    path("visits/<uuid:pk>/substances/", substances.visit_rows, name="visit-substances"),
]
