"""Ask first, then do: a page that shows what would follow from a form, with everything that was typed kept in it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from petitions import previews

# What the buttons of a form say besides “do it”.
PREVIEW, AS_HTML, BACK = "preview", "preview-html", "back"
STEP = "step"
# The mail may run nothing and load nothing; its styles are in its elements.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def step_of(request: HttpRequest) -> str:
    """Return which button was pressed; empty for the one that does it."""
    step = request.POST.get(STEP, "")
    return step if step in {PREVIEW, AS_HTML, BACK} else ""


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Return everything that was posted but the token and the button, to be posted again."""
    left_out = {"csrfmiddlewaretoken", STEP}
    return [
        (name, str(each)) for name, values in request.POST.lists() if name not in left_out for each in values
    ]


def show_mail(
    request: HttpRequest, act: Callable[[], object], frame: dict[str, Any], **context: Any
) -> HttpResponse:
    """Show the mail that this act would send, and ask whether to go on; nothing is done yet.

    The context brings `action` (where it is done), `label` (what the button says), `follows` (sentences) and, where
    it is not the starter as of now, `to` (who gets it).
    """
    mail = previews.mail_of(act)
    if mail and step_of(request) == AS_HTML:
        return HttpResponse(mail.html, headers={"Content-Security-Policy": _MAIL_POLICY})
    starter = frame["petition"].starter
    context = {**frame, "to": starter, **context, "mail": mail, "typed": typed_in(request)}
    return TemplateResponse(request, "admin/petitions/mail.html", context)
