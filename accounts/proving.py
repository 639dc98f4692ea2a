"""Prove again who you are before a change that could lock you out of your account.

allauth asks for the password or the second factor; whoever has neither gets a code by mail.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core.internal.httpkit import add_query_params
from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails import PROOF_MINUTES
from accounts.models import User

View = Callable[..., HttpResponseBase]

FRESH_SECONDS = 15 * 60
PROOFS = frozenset({"code", "mfa", "password"})
MAX_ATTEMPTS = 3
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_proven_lately(request: HttpRequest) -> bool:
    """Say whether this session has shown a code, a password or a second factor in the last quarter of an hour."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records if record["method"] in PROOFS), default=0)
    return bool(time.time() - latest < FRESH_SECONDS)


def lately_proven(view: View, *, reading_too: bool = True) -> View:
    """Let only those pass who have proven themselves lately; send the others to do so and back."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        only_reading = request.method in SAFE_METHODS and not reading_too
        if only_reading or is_proven_lately(request):
            return view(request, *args, **kwargs)
        method = get_adapter().get_reauthentication_methods(request.user)[0]
        # What was typed is not kept: it may be a new password, which has no place in a session row.
        return HttpResponseRedirect(add_query_params(method["url"], {"next": request.get_full_path()}))

    return guarded


class ProofCode(AbstractCodeVerificationProcess):  # type: ignore[misc]
    """A code on its way to somebody who is signed in."""

    KEY: ClassVar[str] = "accounts_proof_code"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        super().__init__(
            max_attempts=MAX_ATTEMPTS, timeout=PROOF_MINUTES * 60, state=state, user=request.user
        )
        self.request = request

    @classmethod
    def resume(cls, request: HttpRequest) -> "ProofCode | None":
        """Return the code that was sent in this session, if it still works."""
        state = request.session.get(cls.KEY)
        found = cls(request, state) if state else None
        return found if found and found.is_valid() else None

    @classmethod
    def begin(cls, request: HttpRequest) -> None:
        """Send a new code to the person's own address; it replaces an earlier one."""
        person = cast(User, request.user)
        process = cls(request, cls.initial_state(person, person.email))
        process.state["code"] = get_adapter().generate_login_code()
        process.send()
        process.persist()

    def send(self) -> None:
        """Write the mail."""
        get_adapter().send_mail("accounts/email/proof_code", self.state["email"], {"code": self.code})

    def persist(self) -> None:
        """Remember the code and its failed attempts."""
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        """Forget the code."""
        self.request.session.pop(self.KEY, None)


class ProveView(BaseReauthenticateView):  # type: ignore[misc]
    """Ask for a code, type it, go on where you were."""

    form_class = ConfirmLoginCodeForm
    template_name = "accounts/prove.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a code, or check the one that was typed."""
        if request.POST.get("action") == "send":
            return self._send()
        if not ProofCode.resume(request):
            return self._back(_("That code no longer works. Ask for a new one, please."))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which code is right."""
        process = ProofCode.resume(self.request)
        return {**super().get_form_kwargs(), "code": process.code if process else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the page whether a code is on its way."""
        return {
            **super().get_context_data(**kwargs),
            "is_sent": ProofCode.resume(self.request) is not None,
            "minutes": PROOF_MINUTES,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Note the proof and go on."""
        self.request.session.pop(ProofCode.KEY, None)
        email = self.request.user.email
        record_authentication(
            self.request, self.request.user, method="code", email=email, reauthenticated=True
        )
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count the attempt; after the last one the code is gone."""
        process = ProofCode.resume(self.request)
        if process and process.record_invalid_attempt():
            response: HttpResponse = super().form_invalid(form)
            return response
        return self._back(_("That was not the code. Ask for a new one, please."))

    def _send(self) -> HttpResponse:
        limited: HttpResponse | None = consume_or_429(
            self.request, action="request_login_code", key=self.request.user.email.lower()
        )
        if limited:
            return limited
        ProofCode.begin(self.request)
        return self._back()

    def _back(self, trouble: str = "") -> HttpResponse:
        if trouble:
            messages.error(self.request, trouble)
        return HttpResponseRedirect(self.passthrough_next_url(reverse("accounts:prove")))
