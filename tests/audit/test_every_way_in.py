"""The same refusal from a page, the API, a Celery worker, the shell and a cascade."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CASCADE, SET_NULL, ProtectedError
from django.test import Client

from config.audit.acting import SystemJob, recorded
from config.audit.checks import our_models, untraced_models
from config.staff.models import Clinic
from tests.conftest import hired

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(settings) -> dict[str, str]:
    """A process of its own, on this test's database."""
    database = settings.DATABASES["default"]
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + database["NAME"]
    return {**os.environ, "DATABASE_URL": url}


def unchanged(clinic: Clinic) -> bool:
    return Clinic.objects.get().address == "" and Clinic.history.count() == 1


def test_from_a_page(clinic, settings):
    settings.ROOT_URLCONF = "tests.audit.sneaky"
    answer = Client().post("/sneaky/page/")
    assert answer.status_code == 409
    assert unchanged(clinic)


def test_from_the_api(clinic, settings):
    settings.ROOT_URLCONF = "tests.audit.sneaky"
    answer = Client().post("/api/sneaky/")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/no-history"
    assert unchanged(clinic)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Clinic.objects.update(address='Elsewhere')", "DK001"),
        ("c = Clinic.objects.get(); c.address = 'Elsewhere'; c.save()", "DK001"),
        ("with recorded(by=SystemJob.SET_UP): Clinic.objects.update(address='Elsewhere')", "DK002"),
    ],
)
def test_from_the_shell(clinic, environment, line, code):
    imports = "from config.staff.models import Clinic; from config.audit.acting import *\n"
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", imports + line],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    words = {"DK001": "no acting person", "DK002": "no matching history"}
    assert words[code] in ended.stderr
    assert unchanged(clinic)


def test_from_a_celery_worker(clinic, environment, tmp_path):
    log = tmp_path / "worker.log"
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.audit.sneaky_task",
            "worker",
            "-P",
            "solo",
            "-Q",
            "sneaky",
            "-l",
            "INFO",
        ],
        cwd=ROOT,
        env=environment,
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        from tests.audit.sneaky_task import task

        task.apply_async(queue="sneaky")
        _wait_for(lambda: "DatabaseError" in log.read_text(), log)
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    assert unchanged(clinic)


def _wait_for(happened, log: Path, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)


def test_nothing_cascades():
    """A foreign key that deletes or blanks rows behind our back would change them without history."""
    behind_our_back = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.fields
        if field.remote_field and field.remote_field.on_delete in (CASCADE, SET_NULL)
    }
    assert behind_our_back == set()


def test_a_clinic_with_people_cannot_be_deleted(clinic):
    hired(clinic, "ana", "Ana Ortiz", "front-desk")
    with pytest.raises(ProtectedError), recorded(by=SystemJob.SET_UP):
        clinic.delete()
    assert Clinic.objects.exists()


def test_every_model_keeps_a_trace():
    assert untraced_models() == []
    assert len(list(our_models())) > 15


def test_all_our_apps_are_watched():
    """A new app of ours must be named to the check."""
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT)}
    ours -= {"audit", "http", "web", "api", "demo"} | {c.label for c in apps.get_app_configs() if ".venv" in c.path}
    assert ours == {"staff", "patients", "scheduling", "infusions", "notifications"}
