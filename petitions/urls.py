"""The pages of petitions; the slug ends in the id, so a petition keeps its address under every title."""

from django.urls import path

from petitions.views import about, answering, public, rooms, starting

app_name = "petitions"

urlpatterns = [
    path("", public.home, name="home"),
    path("about/", about.about, name="about"),
    path("privacy/", about.privacy, name="privacy"),
    path("rules/", about.rules, name="rules"),
    path("petitions/", public.browse, name="browse"),
    path("petitions/start/", starting.start, name="start"),
    path("petitions/mine/", rooms.mine, name="mine"),
    path("petitions/text-preview/", starting.text_preview, name="text-preview"),
    path("petitions/<slug:slug>/", public.detail, name="detail"),
    path("petitions/<slug:slug>/count.json", public.count, name="count"),
    path("petitions/<slug:slug>/manage/", rooms.manage, name="manage"),
    path("petitions/<slug:slug>/manage/edit/", rooms.edit, name="edit"),
    path("petitions/<slug:slug>/manage/preview/", rooms.preview, name="preview"),
    path("petitions/<slug:slug>/manage/submit/", rooms.submit, name="submit"),
    path("petitions/<slug:slug>/manage/close/", rooms.close, name="close"),
    path("petitions/<slug:slug>/manage/delete/", rooms.delete, name="delete"),
    path("petitions/<slug:slug>/manage/object/", answering.object_to, name="object"),
    path("petitions/<slug:slug>/manage/propose/", answering.propose, name="propose"),
]
