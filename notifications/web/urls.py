"""Addresses of the pages of this app. None of them holds anything about a person but an opaque id."""

from django.urls import path

from notifications.web import (
    hooks,
    inbox,
    link_page,
    message_words,
    messages,
    purposes,
    registration,
    sending,
    visit_questions,
)

urlpatterns = [
    path("messages/", messages.listing, name="messages"),
    path("messages/replies/", inbox.listing, name="replies"),
    path("messages/replies/<uuid:pk>/", inbox.one, name="reply"),
    path("messages/replies/<uuid:pk>/history/", inbox.history, name="reply-history"),
    path("messages/replies/<uuid:pk>/read/", inbox.read, name="reply-read"),
    path("settings/messages/", purposes.purposes, name="purposes"),
    path("settings/messages/history/", purposes.history, name="purposes-history"),
    path("settings/messages/questions/", visit_questions.visit_questions, name="visit-questions"),
    path("settings/messages/questions/history/", visit_questions.history, name="visit-questions-history"),
    path("settings/messages/<str:purpose>/<str:channel>/<str:language>/", message_words.words, name="message-words"),
    path(
        "settings/messages/<str:purpose>/<str:channel>/<str:language>/preview/",
        message_words.preview,
        name="message-words-preview",
    ),
    path(
        "settings/messages/<str:purpose>/<str:channel>/<str:language>/shipped/",
        message_words.use_shipped,
        name="message-words-shipped",
    ),
    path(
        "settings/messages/<str:purpose>/<str:channel>/<str:language>/<uuid:pk>/use/",
        message_words.use_again,
        name="message-words-again",
    ),
    path("settings/sending/", registration.registered, name="sending"),
    path("settings/sending/arm/", registration.arm, name="sending-arm"),
    path("settings/sending/disarm/", registration.disarm, name="sending-disarm"),
    path("settings/sending/history/", registration.history, name="sending-history"),
    path("messages/sending/on/", sending.on, name="sending-on"),
    path("messages/sending/off/", sending.off, name="sending-off"),
    path("hooks/twilio/status/<uuid:pk>/", hooks.status, name="twilio-status"),
    path("hooks/twilio/answer/", hooks.answer, name="twilio-answer"),
    path("hooks/anymail/<slug:provider>/", hooks.mail, name="mail-hook"),
    path("messages/links/<uuid:pk>/end/", messages.end_link, name="visit-link-end"),
    path("v/<str:token>/", link_page.visit, name="visit-link"),
    path("v/<str:token>/visit.ics", link_page.calendar, name="visit-link-calendar"),
    path("messages/<uuid:pk>/", messages.one, name="message"),
    path("messages/<uuid:pk>/history/", messages.history, name="message-history"),
    path("messages/<uuid:pk>/withdraw/", messages.withdraw, name="message-withdraw"),
    path("messages/<uuid:pk>/retry/", messages.retry, name="message-retry"),
    path("messages/<uuid:pk>/received/", messages.received, name="message-received"),
]
