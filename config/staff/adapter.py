"""How allauth treats our people: nobody signs up by themselves, and what it writes is recorded."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from config.staff.accounts import change_password
from config.staff.models import User


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by a manager."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def set_password(self, user: User, password: str) -> None:
        """Only a signed-in person gets here, about themselves: no other page that sets one is offered."""
        change_password(person=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("home")
