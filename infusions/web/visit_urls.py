"""Addresses of the visit pages."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
