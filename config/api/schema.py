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


def by_value_alone(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A set of values is one enum wherever it is used, whatever words stand beside the values there."""
    _forget_labels(result.get("components", {}))
    return result


def _forget_labels(node: Any) -> None:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
    for one in inner:
        _forget_labels(one)


def with_shapes_that_overlap(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What one role sees is often a part of what another sees: an answer may fit both descriptions."""
    for component in result["components"]["schemas"].values():
        if "oneOf" in component and "discriminator" not in component:
            component["anyOf"] = component.pop("oneOf")
    return result


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal in words (RFC 9457), with the facts that help to go on beside it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For the person, as it stands."},
        "errors": {
            "type": "object",
            "description": "Words by field; `__all__` is the request as a whole.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["type", "title", "status", "detail"],
}
REFUSED = {
    "description": "400 not valid, 401 not signed in, 403 not this role's, 404 unknown or not yours, 409 taken, wrong "
    "state or stale version, 422 key used with another body, 429 too many tries.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again with the same body, the request is answered as before and nothing is done twice. "
    "Passwords in the body are not compared.",
    "schema": {"type": "string", "maxLength": 200},
}
AS_READ = {
    "name": "If-Match",
    "in": "header",
    "description": "The tag that was read, as ETag gave it: refused with 409 if the record has another by now. "
    "`version` in the body says the same.",
    "schema": {"type": "string"},
}


def with_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What every address answers when it refuses, and the headers that a write takes."""
    shapes = result["components"]["schemas"]
    shapes["Problem"] = PROBLEM
    for acts in result["paths"].values():
        for method, act in acts.items():
            act["responses"]["4XX"] = REFUSED
            taken = [ONCE] if method == "post" else []
            taken += [AS_READ] if "version" in _sent(act, shapes) else []
            if taken:
                act.setdefault("parameters", []).extend(taken)
    return result


def _sent(act: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """The fields of the body that this act takes."""
    shape = act.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields: dict[str, Any] = shapes.get(shape.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
    return fields
