"""Measures what the project promises, as ratios in one run: `make bench`, or `make bench ONLY=growth`.

Each row is an operation of ours, the limit that it is held against in the same run, their ratio, and the target. It
exits with 0 either way: a measurement is not a test.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from bench import board, booking, charting, growth, history, searching, sending
    from bench.table import show

    call_command("migrate", verbosity=0)
    parts = {
        "searching": searching.rows,
        "growth": growth.rows,
        "booking": booking.rows,
        "board": board.rows,
        "charting": charting.rows,
        "history": history.rows,
        "sending": sending.rows,
    }
    chosen = sys.argv[1:] or list(parts)
    show([row for name in chosen for row in parts[name]()])


if __name__ == "__main__":
    main()
