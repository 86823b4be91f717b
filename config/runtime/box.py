"""What the demo says when it is ready: one box."""

from collections.abc import Sequence

from config.runtime.environment import DEMO_PASSWORD

LOGINS = (
    ("Front desk", "frontdesk"),
    ("Nurse", "nurse"),
    ("Prescriber", "prescriber"),
    ("Manager", "manager"),
)


def box(*, address: str, things: Sequence[tuple[str, str]], notice: str = "") -> str:
    """`things` to try are pairs of words and a path. Plain ASCII, so that every terminal shows it."""
    lines = [
        "Infusion Desk is running",
        "",
        f"  {address}/",
        "",
        "Sign in as",
        *(f"  {role:<12}{name:<12}password {DEMO_PASSWORD}" for role, name in LOGINS),
        "",
        "Three things to try",
        *(line for number, thing in enumerate(things, start=1) for line in _thing(number, thing, address)),
        "",
        *([notice, ""] if notice else []),
        "Demo: nothing is sent, all people are invented. Not for patient data.",
        "",
        "Stop:  Ctrl-C        Start afresh:  make reset",
    ]
    width = max(len(line) for line in lines)
    edge = f"+{'-' * (width + 4)}+"
    return "\n".join((edge, *(f"|  {line:<{width}}  |" for line in lines), edge))


def _thing(number: int, thing: tuple[str, str], address: str) -> tuple[str, str]:
    words, path = thing
    return f"  {number}. {words}", f"     {address}{path}"
