"""Invented people. Numbers of the 555-01xx kind reach nobody, and neither do addresses at example.com."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

GIVEN = (
    "Ada Aisha Alma Amir Anselm Asa Beatriz Bruno Cai Carmen Chidi Clara Dalia Dario Dee Edda Eli Elif Emeka Esme "
    "Farid Fern Gia Hana Hugo Ines Ivo Jamal Jonas Joy Kaito Kemi Lars Leila Lior Luz Malik Mei Mina Nadia Noor "
    "Otis Paz Petra Priya Quinn Rafa Rosa Saul Selma Siri Tariq Tess Uma Viktor Wren Ximena Yara Yusuf Zélie"
).split()
FAMILY = (
    "Abara Alder Amsel Baptiste Bauer Birch Brandt Castillo Chowdhury Dahl Delacroix Duarte Eze Farrow Ferreira "
    "Fjord Gallo Haddad Hale Hollis Iversen Jansen Kaur Kovacs Laurier Lindqvist Lowell Marsh Moreau Mwangi Nakata "
    "Novak Núñez Oduya Okafor Ortega Osei Petrov Pine Quist Reyes Rowan Saito Singh Soto Tanaka Thorne Ueda Vance "
    "Wójcik"
).split()
AREA_CODES = ("213", "303", "312", "415", "503", "617", "702", "808")
STREETS = ("Harbour Street", "Orchard Lane", "Mill Road", "Station Square", "Hill Terrace")
DAYS_OF_SPREAD = 60 * 365


@dataclass(frozen=True)
class Invented:
    """One invented person: what `register()` takes."""

    fields: dict[str, Any]

    @property
    def reachable(self) -> bool:
        return bool(self.fields["mobile"])


def people(rng: Random, today: date) -> Iterator[Invented]:
    """Invented people without end; the same ones for the same seed and day. No two share name and birth date."""
    names = [(given, family) for given in GIVEN for family in FAMILY]
    rng.shuffle(names)
    for number, (given, family) in enumerate(names):
        yield Invented(_fields(rng, number, given, family, today))


def _fields(rng: Random, number: int, given: str, family: str, today: date) -> dict[str, Any]:
    area = AREA_CODES[number // 100 % len(AREA_CODES)]
    ascii_name = f"{given}.{family}".lower().encode("ascii", "ignore").decode()
    return {
        "given_name": given,
        "family_name": family,
        "birth_date": today - timedelta(days=20 * 365 + rng.randrange(DAYS_OF_SPREAD)),
        "sex": rng.choice(["female", "female", "male", "other"]),
        "mobile": f"+1{area}55501{number % 100:02d}" if number % 12 else "",
        "email": f"{ascii_name}{number}@example.com",
        "address": f"{rng.randrange(1, 200)} {rng.choice(STREETS)}",
        "city": "Example City",
        "language": "es" if number % 9 == 0 else "en",
    }
