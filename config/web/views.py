"""Pages made from several apps."""

from django.http import HttpResponse
from django.shortcuts import render

from config.http.pages import StaffRequest, page


@page(None)
def home(request: StaffRequest) -> HttpResponse:
    """What needs me now?"""
    return render(request, "home.html")
