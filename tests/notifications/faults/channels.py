"""Our own channel for Twilio, sent to this machine instead of theirs."""

import os
from typing import Any

from twilio.http.http_client import TwilioHttpClient

from notifications.channels.twilio import TwilioSms

TIMEOUT = 3


class Loopback(TwilioHttpClient):
    """The SDK's own client with another host."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        here = f"http://127.0.0.1:{os.environ['FAULTS_SMS_PORT']}"
        return super().request(method, url.replace("https://api.twilio.com", here), *args, **kwargs)


class LoopbackTwilio(TwilioSms):
    """As `settings.SMS_CHANNEL` names it."""

    def __init__(self) -> None:
        super().__init__(http_client=Loopback(timeout=TIMEOUT))
