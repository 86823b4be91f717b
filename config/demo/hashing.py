"""For filling the demo alone: its six people sign some hundreds of records within a minute."""

from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher

_right = cache(Argon2PasswordHasher().verify)


class CheckedOnce(Argon2PasswordHasher):
    """Argon2, to the byte; but a password is checked against the same hash once in this process."""

    def verify(self, password: str, encoded: str) -> bool:
        return _right(password, encoded)
