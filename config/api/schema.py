"""What the OpenAPI page has to be told about this house."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class StaffToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by being defined
    """`Authorization: Token ...`, as `make token` prints one."""

    target_class = "config.http.access.TokenAuth"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word `Token`, a space and the token.",
        }
