"""States in words."""


def spoken(status: str) -> str:
    """A state in words."""
    return status.replace("-", " ")
