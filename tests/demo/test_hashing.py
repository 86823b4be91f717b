"""Passwords are checked once while the demo is filled, and only then."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from config.demo.hashing import CheckedOnce

SETTINGS = Path(settings.BASE_DIR) / "config" / "settings"


def test_what_it_writes_is_argon2_and_the_other_way_round():
    once, always = CheckedOnce(), Argon2PasswordHasher()
    for writer, reader in ((once, always), (always, once)):
        encoded = writer.encode("correct horse", writer.salt())
        assert reader.verify("correct horse", encoded)
        assert not reader.verify("wrong horse", encoded)
        assert reader.verify("correct horse", encoded)


@pytest.mark.parametrize("file", sorted(SETTINGS.glob("*.py")), ids=lambda file: file.stem)
def test_nothing_that_answers_requests_uses_it(file: Path):
    assert ("config.demo.hashing" in file.read_text()) == (file.stem == "seed")
    if file.stem != "seed":
        assert "settings.seed" not in file.read_text()
