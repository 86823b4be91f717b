"""No page, no address and no file brings a dosing or protocol field in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.staff.models import Clinic, User
from infusions.models import Order
from patients.models import Patient
from tests.conftest import PASSWORD
from tests.house.clinical_rule.ways import WRITES_NO_ORDER
from tests.house.dosing import (
    dosing_names,
)
from tests.infusions.ordering import NONSENSE, drafted, known_patient
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
def test_s1_no_page_and_no_address_takes_it(
    request: pytest.FixtureRequest, ada: Patient, mara: User, now: datetime, role: str, page_as: Callable,
    api_as: Callable,
) -> None:  # fmt: skip
    person = request.getfixturevalue(role)
    order = drafted(known_patient(mara.clinic, now, "Reed"), mara, now)
    page, api = page_as(person), api_as(person)
    sent = {**NONSENSE, "patient": str(ada.pk), "version": 1, "password": PASSWORD}
    got = [
        page.post(reverse("order-new", args=[ada.pk]), {**NONSENSE, "review": ""}),
        page.post(reverse("order-sign", args=[order.pk]), {"password": PASSWORD, "version": 1}),
        api.post("/api/v1/orders/", sent),
        api.patch(f"/api/v1/orders/{order.pk}/", {"dose": "4", "version": 1}),
        api.post(f"/api/v1/orders/{order.pk}/sign/", {"password": PASSWORD, "version": 1}),
    ]
    assert [answer.status_code for answer in got] == [403] * 5
    assert Order.objects.get().signed_at is None


WEIGHED_AND_GIVEN = frozenset({"given", "given_unit", "weight", "weight_unit"})


def people(column: str) -> str:
    return f"record_number,family_name,given_name,birth_date,{column}\n1,Quill,Ada,1970-03-14,3\n"


@pytest.mark.parametrize("column", sorted(dosing_names() - WEIGHED_AND_GIVEN))
def test_s13_a_file_with_such_a_column_is_refused_whole(clinic: Clinic, tmp_path: Path, column: str) -> None:
    (tmp_path / "people.csv").write_text(people(column))
    with pytest.raises(CommandError, match=column):
        call_command("import_patients", str(tmp_path / "people.csv"))
    assert not Patient.objects.exists()
    assert not Order.objects.exists()


def test_a_file_without_such_a_column_comes_in(clinic: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("record_number,family_name,given_name,birth_date\n1,Quill,Ada,1970-03-14\n")
    call_command("import_patients", str(file))
    assert Patient.objects.count() == 1
