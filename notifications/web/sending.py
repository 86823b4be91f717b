"""The manager's switch: nothing goes out until it is on again."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.staff.permissions import Permission
from notifications import sending
from notifications.web.forms import SwitchForm

P = Permission


@page(P.MANAGE_CLINIC)
def off(request: StaffRequest) -> HttpResponse:
    """Keep everything back, with the reason."""
    form = SwitchForm(request.POST or None)
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: sending.switch(
                clinic=request.user.clinic, on=False, by=request.user, now=timezone.now(), **values
            ),
        )
        if done is not None:
            notices.success(request, "Nothing goes out any more.")
            return redirect("messages")
    return render(request, "notifications/switch.html", {"form": form}, status=422 if form.errors else 200)


@act(P.MANAGE_CLINIC)
def on(request: StaffRequest) -> HttpResponse:
    """Let messages go out again."""
    sending.switch(clinic=request.user.clinic, on=True, by=request.user, now=timezone.now())
    notices.success(request, "Messages go out again. What waited too long is not sent any more.")
    return redirect("messages")
