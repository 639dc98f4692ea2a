"""Reading the mails of a site that runs on one's own machine and has no mail server."""

import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from functools import wraps
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from lib.web.public import View, private_page
from outbox.filebackend import SUFFIX

_NAME = re.compile(r"(\d{8}T\d{12})-[0-9a-f]{12}\.eml")
_SHOWN = 200
# The mail may open nothing here and run nothing; a click on one of its links may leave the frame.
_MAIL_POLICY = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_OUT_OF_THE_FRAME = '<base target="_top">'
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


@dataclass(frozen=True)
class Item:
    """A line of the list."""

    name: str
    at: datetime
    subject: str
    to: str
    kind: str


def on_this_machine(view: View) -> View:
    """Let the view answer only where mail stays in a folder, and only to somebody at this very machine."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (settings.LOCAL and settings.MAIL_STAYS_HERE and _is_here(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@on_this_machine
@private_page
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    return render(request, "outbox/mails.html", {"mails": [_item(path) for path in _paths()[:_SHOWN]]})


@on_this_machine
@private_page
@require_safe
def show_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: its headers, its text with links to click, and its HTML in a frame."""
    path = _path_or_404(name)
    text = _part(path, "plain")
    return render(request, "outbox/mail.html", {"mail": _item(path), "text": text})


@on_this_machine
@private_page
@require_safe
@xframe_options_sameorigin
def show_html(_request: HttpRequest, name: str) -> HttpResponse:
    """Return the mail's HTML as it is, under a policy that lets it do nothing."""
    html = _part(_path_or_404(name), "html")
    head = _HEAD.search(html)
    place = head.end() if head else 0
    page = html[:place] + _OUT_OF_THE_FRAME + html[place:]
    return HttpResponse(page, headers={"Content-Security-Policy": _MAIL_POLICY})


def _is_here(request: HttpRequest) -> bool:
    # A tunnel from outside also ends at this machine, but says whom it speaks for.
    if any(name in request.META for name in _FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _paths() -> list[Path]:
    folder = Path(settings.MAIL_DIR)
    found = (
        [path for path in folder.glob(f"*{SUFFIX}") if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    )
    return sorted(found, key=lambda path: path.name, reverse=True)


def _path_or_404(name: str) -> Path:
    # The pattern leaves no room for a separator or a dot-dot.
    path = Path(settings.MAIL_DIR) / name
    if not _NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        raise Http404
    return path


def _item(path: Path) -> Item:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=email.policy.default).parse(file)
    stamp = path.name.partition("-")[0]
    return Item(
        name=path.name,
        at=datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
        subject=str(headers["Subject"] or ""),
        to=str(headers["To"] or ""),
        kind=str(headers["X-Mail-Kind"] or ""),
    )


def _part(path: Path, subtype: str) -> str:
    with path.open("rb") as file:
        message = BytesParser(EmailMessage, policy=email.policy.default).parse(file)
    part = message.get_body((subtype,))
    return str(part.get_content()) if part else ""
