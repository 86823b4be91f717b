"""The request of an API action here: whoever sends it was let in by name, so there is a member of staff behind it."""

from rest_framework.request import Request

from config.staff.models import User


class StaffRequest(Request):
    """For type checking: `user` is never anonymous behind the guard."""

    user: User
