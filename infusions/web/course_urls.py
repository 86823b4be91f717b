"""Addresses of the course: planning, moving, ending, repairing its visits, and what a prescriber allows."""

from django.urls import path

from infusions.web import ending, exceptions, moving, moving_later, repair, series

urlpatterns = [
    path("orders/<uuid:order_id>/exceptions/", exceptions.order_exceptions, name="order-exceptions"),
    path("orders/<uuid:order_id>/repair/", repair.order_repair, name="order-repair"),
    path("orders/<uuid:order_id>/series/", series.series_plan, name="series-plan"),
    path("orders/<uuid:order_id>/series/keep/", series.series_keep, name="series-keep"),
    path("orders/<uuid:order_id>/series/print/", series.series_print, name="series-print"),
    path("orders/<uuid:order_id>/series/release/", series.series_release, name="series-release"),
    path("appointments/<uuid:appointment_id>/move/", moving.appointment_move, name="appointment-move"),
    path("appointments/<uuid:appointment_id>/move-all/", moving_later.move_all, name="appointment-move-all"),
    path("appointments/<uuid:appointment_id>/move-back/", moving_later.move_back, name="appointment-move-back"),
    path("appointments/<uuid:pk>/cancel/", ending.cancel, name="appointment-cancel"),
    path("appointments/<uuid:pk>/bring-back/", ending.bring_back, name="appointment-bring-back"),
]
