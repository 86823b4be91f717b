"""States and numbers in words."""


def spoken(status: str) -> str:
    """A state in words."""
    return status.replace("-", " ")


def days_in_words(number: int) -> str:
    """So many days, in words: one is a day."""
    return f"{number} day" if number == 1 else f"{number} days"
