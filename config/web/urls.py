"""Pages made from several apps."""

from django.urls import path

from config.web import beside, views

urlpatterns = [
    path("", views.home, name="home"),
    path("today/tiles/", views.home_tiles, name="home-tiles"),
    path("me/theme/", views.theme, name="theme"),
    path("appointments/<uuid:pk>/beside/", beside.visit_beside, name="appointment-beside"),
    path("patients/<uuid:pk>/", views.patient, name="patient"),
]
