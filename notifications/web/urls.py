"""Addresses of the pages of this app. None of them holds anything about a person but an opaque id."""

from django.urls import path

from notifications.web import messages

urlpatterns = [
    path("messages/", messages.listing, name="messages"),
    path("messages/<uuid:pk>/", messages.one, name="message"),
    path("messages/<uuid:pk>/history/", messages.history, name="message-history"),
    path("messages/<uuid:pk>/withdraw/", messages.withdraw, name="message-withdraw"),
    path("messages/<uuid:pk>/retry/", messages.retry, name="message-retry"),
    path("messages/<uuid:pk>/received/", messages.received, name="message-received"),
]
