"""Addresses of the pages of this app."""

from django.urls import path, register_converter

from scheduling.web import appointments, board, consult
from scheduling.web.addresses import DayConverter

register_converter(DayConverter, "day")

urlpatterns = [
    path("board/", board.today, name="board"),
    path("board/<day:day>/", board.of_day, name="board-day"),
    path("board/<day:day>/feed/", board.feed, name="board-feed"),
    path("board/<day:day>/counts/", board.counts, name="board-counts"),
    path("board/<day:day>/list/", board.day_list, name="board-list"),
    path("board/<day:day>/changes/", board.changes, name="board-changes"),
    path("appointments/new/", consult.new, name="appointment-new"),
    path("appointments/who/", consult.who, name="appointment-who"),
    path("appointments/<uuid:pk>/", appointments.one, name="appointment"),
    path("appointments/<uuid:pk>/arrive/", appointments.arrive, name="appointment-arrive"),
    path("appointments/<uuid:pk>/confirm/", appointments.confirm, name="appointment-confirm"),
    path("appointments/<uuid:pk>/undo/", appointments.undo, name="appointment-undo"),
    path("appointments/<uuid:pk>/cancel/", appointments.cancel, name="appointment-cancel"),
    path("appointments/<uuid:pk>/no-show/", appointments.no_show, name="appointment-no-show"),
    path("appointments/<uuid:pk>/history/", appointments.history, name="appointment-history"),
]
