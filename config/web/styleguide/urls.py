"""The parts of the pages on one page; only a demo and the tests route it."""

from django.urls import path

from config.web.styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.parts, name="parts"),
    path("board/", views.board, name="board"),
    path("board/feed/", views.feed, name="feed"),
    path("board/move/<int:number>/", views.move, name="move"),
    path("drawer/<int:number>/", views.drawer, name="drawer"),
    path("search/", views.search, name="search"),
    path("form/", views.form, name="form"),
    path("act/", views.act, name="act"),
    path("undone/", views.undone, name="undone"),
    path("draft/", views.draft, name="draft"),
    path("public/", views.public_page, name="public"),
    path("sheet/", views.sheet, name="sheet"),
    path("problem/<int:status>/", views.problem, name="problem"),
]
