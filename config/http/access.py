"""Who may call the API. Apart from `api.py`, because REST framework imports it while it is being imported itself."""

from typing import Any

from knox.auth import TokenAuthentication
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.staff.permissions import require


class TokenAuth(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token ...`; tokens are stored hashed and can be revoked one by one."""


class GrantedByTable(BasePermission):
    """Asks `config.staff.permissions` and nothing else. A view says in `requires` what each of its actions needs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            raise NotAuthenticated
        if view.action not in view.requires:
            # An action that no role could be granted is one that is not offered: OPTIONS, or PUT where there is none.
            raise MethodNotAllowed(str(request.method))
        require(request.user, view.permission_for(view.action))
        return True
