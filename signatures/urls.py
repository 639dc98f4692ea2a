"""The pages of signing; what belongs to one petition stands below its address."""

from django.urls import path

from signatures.views import confirming, mine, panel, signing, withdrawing

app_name = "signatures"

urlpatterns = [
    path("petitions/<slug:slug>/sign/", signing.sign, name="sign"),
    path("petitions/<slug:slug>/sign/sent/", signing.sent, name="sent"),
    path("petitions/<slug:slug>/panel/", panel.panel, name="panel"),
    path("signatures/mine/", mine.mine, name="mine"),
    path("signatures/mine/<int:pk>/", mine.change, name="change"),
    path("signatures/confirm/<str:token>/", confirming.confirm, name="confirm"),
    path("signatures/disown/<str:token>/", confirming.disown, name="disown"),
    path("signatures/thanks/<str:token>/", confirming.thanks, name="thanks"),
    path("signatures/withdraw/<str:token>/", withdrawing.withdraw, name="withdraw"),
    path("unsubscribe/<str:token>/", withdrawing.unsubscribe, name="unsubscribe"),
]
