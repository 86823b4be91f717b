"""The addresses that providers call. What is not proven to be theirs is refused and changes nothing."""

from uuid import UUID
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from config.http.pages import public
from config.refusals import Refused
from notifications import callbacks

SIGNATURE = "X-Twilio-Signature"


@csrf_exempt
@public
@require_POST
def status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far one of our messages came."""
    try:
        callbacks.check(path=request.path, form=request.POST, signature=request.headers.get(SIGNATURE, ""))
        callbacks.status(message_id=pk, form=request.POST, now=timezone.now())
    except Refused as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=204)


@csrf_exempt
@public
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """A patient's answer; what goes back to them stands in the answer to this call."""
    try:
        callbacks.check(path=request.path, form=request.POST, signature=request.headers.get(SIGNATURE, ""))
        back = callbacks.answer(form=request.POST, now=timezone.now())
    except Refused as refusal:
        return HttpResponse(status=refusal.status)
    said = f"<Message>{escape(back)}</Message>" if back else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


@csrf_exempt
@public
@require_http_methods(["HEAD", "POST"])
def mail(request: HttpRequest, provider: str) -> HttpResponse:
    """What the provider of emails says of emails that it took. Some look with HEAD first whether anybody is here."""
    try:
        callbacks.mail(provider=provider, request=request)
    except Refused as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=200)
