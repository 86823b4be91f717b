"""How the runtime says no to the person at the terminal."""


class Refusal(Exception):
    """Something that only the person can put right. The text is printed as it stands, without a traceback."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM came while something was being started or waited for."""
