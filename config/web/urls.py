"""Pages made from several apps."""

from django.urls import path

from config.web import views

urlpatterns = [
    path("", views.home, name="home"),
]
