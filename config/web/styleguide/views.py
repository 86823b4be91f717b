"""The parts page and the small answers that its buttons need. Everything is invented and nothing is stored."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from config.http.pages import public
from config.web.styleguide import samples
from config.web.styleguide.forms import SampleEntryForm, SampleForm
from config.web.templatetags.looks import LOOKS

NAV = [
    ("Today", "/", "home", None),
    ("Day board", "/board/", "layout-board", None),
    ("Intake", "/intake/", "inbox", 4),
    ("Patients", "/patients/", "users", None),
    ("Messages", "/messages/", "message", 1),
]


def frame() -> dict[str, Any]:
    """What the shell shows, so that the page looks the same for whoever opens it."""
    return {
        "demo": True,
        "clinic": SimpleNamespace(name="Harbour Infusion Clinic", zone="America/New_York", phone="(617) 555-0100"),
        "nav": [
            {"label": label, "url": url, "icon": icon, "count": count, "active": url == "/board/"}
            for label, url, icon, count in NAV
        ],
        "user": SimpleNamespace(pk="sample", full_name="Maya Santos", is_authenticated=True, theme="auto"),
        "role_name": "Front desk",
        "search_url": "/styleguide/search/",
        "may": {"see_patients": True},
    }


@public
def parts(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    wrong = SampleForm({"family_name": "Okafor", "birth_date": "31 Feb 1978", "channel": "phone"}, auto_id="wrong_%s")
    wrong.add_error("birth_date", "There is no 31 February. Which day was it?")
    return render(
        request,
        "styleguide/parts.html",
        frame()
        | {
            "banners": samples.banners(),
            "looks": {look.key: look for look in LOOKS.values()}.values(),
            "form": SampleForm(),
            "wrong": wrong,
            "entry": SampleEntryForm(),
            "bad_entry": SampleEntryForm({"first": ".5", "first_unit": "units"}, auto_id="bad_%s"),
            "entries": samples.entries(),
            "pain": samples.PAIN,
            "mood": samples.mood(),
            "now": samples.NOW,
            "people": samples.bookings()[:9],
            "tabs": [
                {"label": "Waiting", "url": "#tabs", "count": 12, "active": True},
                {"label": "Sent", "url": "#tabs", "count": 143},
                {"label": "Failed", "url": "#tabs", "count": 1},
            ],
            "facts": [("Mobile", "(617) 555-0142"), ("E-mail", "ada@example.com"), ("Interpreter", "")],
        },
    )


@public
def board(request: HttpRequest) -> HttpResponse:
    """The day board on invented bookings."""
    return render(request, "styleguide/board.html", frame() | {"now": samples.NOW})


@public
def feed(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """What the board reads."""
    return JsonResponse(
        {
            "date": samples.NOW.date(),
            "now": "2026-11-23T11:27:00-05:00",
            "opens": "08:00",
            "closes": "18:00",
            "chairs": [{"id": key, "name": name, "note": note} for key, name, note in samples.CHAIRS],
            "closed": [{"chair": "c8", "start": "2026-11-23T08:00", "end": "2026-11-23T08:45", "words": "Cleaning"}],
            "bookings": samples.bookings(),
        }
    )


@public
def move(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Chair 3 is always taken; anything else goes."""
    if request.POST.get("chair") == "c3":
        refusal = SimpleNamespace(message="Chair 3 is taken from 10:45 by L. Petrov. Free instead: Chair 5.")
        return render(request, "components/refusal.html", {"refusal": refusal}, status=409)
    return render(request, "components/undo.html", {"url": "/styleguide/undone/", "text": "Moved to another time"})


@public
def drawer(request: HttpRequest, number: int) -> HttpResponse:
    """A booking in the drawer."""
    found = next((b for b in samples.bookings() if b["id"] == f"b{number}"), samples.bookings()[0])
    return render(request, "styleguide/drawer.html", frame() | {"booking": found, "entries": samples.entries()})


@public
def search(request: HttpRequest) -> HttpResponse:
    """Finds those of the sample people whose name holds what was typed."""
    query = request.POST.get("q", "").strip()
    found = [banner["patient"] for banner in samples.banners()] + [samples.somebody(birth_date=date(1991, 7, 2))]
    results = [
        {
            "url": f"/styleguide/#found-{person.family_name}",
            "listed_name": f"{person.family_name.upper()}, {person.given_name}",
            "birth_date": person.birth_date,
            "record_number": person.record_number,
            "phone_end": "0142",
            "state": "booked",
            "next_visit": "Tue 24 Nov, 09:00",
        }
        for person in found
        if query.lower() in person.family_name.lower()
    ]
    warning = "Two people have this name: compare the birth dates." if query.lower() == "okafor" else ""
    return render(request, "components/search_results.html", {"results": results, "query": query, "warning": warning})


@public
def form(request: HttpRequest) -> HttpResponse:
    """A form in the drawer: 422 with the same form while something is missing."""
    shown = SampleForm(request.POST or None, auto_id="drawn_%s")
    if request.method == "POST" and shown.is_valid():
        return render(request, "components/undo.html", {"url": "/styleguide/undone/", "text": "Request saved"})
    return render(request, "styleguide/form.html", {"form": shown}, status=422 if shown.is_bound else 200)


@public
def act(request: HttpRequest) -> HttpResponse:
    """One press, undoable."""
    return render(
        request, "styleguide/acted.html", {"url": "/styleguide/undone/", "text": "Ada Okafor checked in", "seconds": 20}
    )


@public
def undone(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The answer to an undo: the bar goes."""
    return HttpResponse("")


@public
def draft(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """What autosave hears when a draft is kept."""
    return JsonResponse({"saved_at": "10:42:08", "version": 2})


@public
def public_page(request: HttpRequest) -> HttpResponse:
    """A patient's page with a form."""
    asked = SampleForm(request.POST or None, auto_id="public_%s")
    return render(request, "styleguide/public.html", frame() | {"form": asked}, status=422 if asked.is_bound else 200)


@public
def sheet(request: HttpRequest) -> HttpResponse:
    """A sheet of paper."""
    return render(request, "styleguide/sheet.html", frame() | {"people": samples.bookings()[:12], "now": samples.NOW})


@public
def problem(request: HttpRequest, status: int) -> HttpResponse:
    """An answer that is not a fragment: a page as the server's error handlers give it."""
    known = {400: "400.html", 403: "403.html", 404: "404.html", 409: "components/refusal.html", 500: "500.html"}
    refusal = SimpleNamespace(message="Chair 3 is taken from 10:45.", errors={})
    return render(request, known.get(status, "500.html"), {"refusal": refusal}, status=status)
