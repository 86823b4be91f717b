"""The real timetable, with its rounds shortened to seconds, for a real beat."""

from config.celery import app

ROUNDS = {"plan-messages": 2.0, "send-due-messages": 1.0, "recover-stuck-messages": 2.0, "find-out-about-messages": 3.0}
for name, seconds in ROUNDS.items():
    app.conf.beat_schedule[name]["schedule"] = seconds
