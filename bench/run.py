"""Measures what the project promises, as ratios in one run: `make bench`.

Each row is an operation of ours, the limit that it is held against in the same run, their ratio, and the target. It
exits with 0 either way: a measurement is not a test.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from bench import board, booking
    from bench.table import show

    call_command("migrate", verbosity=0)
    show([*booking.rows(), *board.rows()])


if __name__ == "__main__":
    main()
