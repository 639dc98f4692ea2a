"""The addresses of accounts: allauth's under their own names, ours as `accounts:…`."""

from allauth.account import views as account
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.contrib.auth.decorators import login_required
from django.urls import include, path

from accounts import views
from accounts.preferences import own_time
from accounts.proving import ProveView, lately_proven

ours = (
    [
        path("", views.index, name="index"),
        path("profile/", views.profile, name="profile"),
        path("corner/", views.corner, name="corner"),
        path("prove/", login_required(ProveView.as_view()), name="prove"),
    ],
    "accounts",
)

# Each stands before allauth's entry for the same address, and so replaces it.
guarded = [
    path("email/", lately_proven(account.email, reading_too=False), name="account_email"),
    path("password/set/", lately_proven(account.password_set), name="account_set_password"),
    path("2fa/totp/activate/", lately_proven(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", lately_proven(webauthn.add_webauthn), name="mfa_add_webauthn"),
]
in_own_time = [
    path("2fa/webauthn/", own_time(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("sessions/", own_time(usersessions.list_usersessions), name="usersessions_list"),
]

urlpatterns = [path("", include(ours)), *guarded, *in_own_time, path("", include("allauth.urls"))]
