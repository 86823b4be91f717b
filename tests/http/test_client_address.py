"""Whom the limits count: the address that a proxy of ours saw, and none that the sender wrote."""

import pytest
from django.http import HttpRequest, HttpResponse

from config.http.middleware import ClientAddressMiddleware

SENDER, PROXY = "203.0.113.7", "10.0.0.1"


def seen(settings: object, *, trusted: int, header: str | None) -> str:
    settings.TRUSTED_PROXIES = trusted
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = PROXY
    if header is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = header
    ClientAddressMiddleware(lambda _: HttpResponse())(request)
    assert "HTTP_X_FORWARDED_FOR" not in request.META
    return str(request.META["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("trusted", "header", "expected"),
    [
        (0, SENDER, PROXY),
        (1, SENDER, SENDER),
        (1, f"1.2.3.4, {SENDER}", SENDER),
        (2, f"1.2.3.4, {SENDER}, 10.0.0.2", SENDER),
        (1, "2001:db8::7", "2001:db8::7"),
        (2, SENDER, PROXY),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "unknown", PROXY),
    ],
)
def test_the_address_that_counts(settings: object, trusted: int, header: str | None, expected: str) -> None:
    assert seen(settings, trusted=trusted, header=header) == expected


def test_the_public_form_counts_by_it(client, clinic, settings) -> None:
    """One sender behind the proxy reaches the limit; the next one does not wait for it."""
    settings.TRUSTED_PROXIES = 1
    limit = int(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["public-form"].split("/")[0])

    def statuses(sender: str, times: int) -> set[int]:
        return {client.post("/request/", {}, headers={"X-Forwarded-For": sender}).status_code for _ in range(times)}

    assert statuses("2001:db8::f0", limit) == {422}
    assert statuses("2001:db8::f0", 1) == {429}
    assert statuses("2001:db8::f1", 1) == {422}
