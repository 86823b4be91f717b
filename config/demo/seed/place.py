"""The demo's clinic: its zone, staff, chairs and hours."""

import os
import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.audit.acting import SystemJob
from config.staff.accounts import add_person, open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from scheduling.models.places import ChairKind
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse

BY = SystemJob.SET_UP
DEMO_CLINIC = uuid.uuid5(uuid.NAMESPACE_URL, "infusion-desk/demo-clinic")
DEFAULT_PASSWORD = "infusion-demo-2026"  # noqa: S105  (printed by `make demo`; opens nothing but invented data)
CHAIRS = 8
OPENS, CLOSES = time(8), time(18)

# The clinic stands where it is mid-morning now, so that the board always shows a day under way.
ZONES = (
    "America/Los_Angeles America/Denver America/Chicago America/New_York America/Anchorage Pacific/Honolulu "
    "America/Halifax America/Sao_Paulo Atlantic/South_Georgia Atlantic/Azores Europe/London Europe/Berlin "
    "Europe/Athens Asia/Riyadh Asia/Dubai Asia/Karachi Asia/Dhaka Asia/Bangkok Asia/Singapore Asia/Tokyo "
    "Australia/Brisbane Pacific/Noumea Pacific/Tarawa Pacific/Auckland Pacific/Tongatapu Pacific/Pago_Pago "
    "Pacific/Gambier Atlantic/Cape_Verde"
).split()


@dataclass(frozen=True)
class House:
    """The clinic and who works in it."""

    clinic: Clinic
    desk: User
    nurses: tuple[User, User]
    prescriber: User
    second_prescriber: User
    manager: User

    @property
    def password(self) -> str:
        return demo_password()


def demo_password() -> str:
    """The password of every demo sign-in."""
    return os.environ.get("DEMO_PASSWORD", DEFAULT_PASSWORD)


def mid_morning_zone(now: datetime) -> str:
    """The zone whose wall clock is nearest to half past ten at `now`."""

    def distance(name: str) -> timedelta:
        wall = now.astimezone(ZoneInfo(name))
        return abs(timedelta(hours=wall.hour, minutes=wall.minute) - timedelta(hours=10, minutes=30))

    return min(ZONES, key=distance)


def furnish(now: datetime) -> House:
    """Open the clinic, hire six people, place eight chairs, and set the hours."""
    clinic = open_clinic(
        id=DEMO_CLINIC,
        name="Example Infusion Clinic",
        sender_name="Example Clinic",
        zone=mid_morning_zone(now),
        phone="+12135550100",
        email="desk@example.com",
        address="12 Harbour Street, Example City",
        by=BY,
    )
    house = _hire(clinic)
    for number in range(1, CHAIRS + 1):
        kind = ChairKind.BED if number == CHAIRS else ChairKind.RECLINER
        add_chair(clinic=clinic, name=f"Chair {number}", kind=kind, position=number, by=BY)
    for nurse in house.nurses:
        add_nurse(user=nurse, watch_lanes=4, by=BY)
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[(OPENS, CLOSES)], by=BY)
    return house


def _hire(clinic: Clinic) -> House:
    def hire(username: str, full_name: str, role: Role, licence: str = "") -> User:
        return add_person(
            clinic=clinic,
            username=username,
            full_name=full_name,
            role=role,
            licence_kind=licence,
            licence_number="DEMO" if licence else "",
            password=demo_password(),
            by=BY,
        )

    return House(
        clinic=clinic,
        desk=hire("frontdesk", "Ana Ortiz", Role.FRONT_DESK),
        nurses=(hire("nurse", "Nils Berg", Role.NURSE, "RN"), hire("nurse2", "Ife Bello", Role.NURSE, "RN")),
        prescriber=hire("prescriber", "Mara Santos", Role.PRESCRIBER, "MD"),
        second_prescriber=hire("prescriber2", "Jon Weld", Role.PRESCRIBER, "NP"),
        manager=hire("manager", "Vera Lind", Role.MANAGER),
    )
