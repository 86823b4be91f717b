"""What the views of this app may rely on: somebody of the staff sent the request, or it would not have got here."""

from rest_framework.request import Request

from config.staff.models import User


class StaffRequest(Request):
    """A request that passed the permission table."""

    user: User
