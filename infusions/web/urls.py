"""Addresses of the pages of this app."""

from infusions.web import visit_urls

urlpatterns = [
    *visit_urls.urlpatterns,
]
