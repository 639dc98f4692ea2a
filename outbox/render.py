"""Turn a row into a mail in the person's language."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.utils import translation

from lib.web import site
from outbox import kinds
from outbox.kinds import Kind
from outbox.models import Message


def render(message: Message) -> EmailMultiAlternatives:
    """Return the mail of this row, complete with its headers; raise what the templates raise."""
    kind = kinds.get(message.kind)
    subject_template, text_template, html_template = kind.template_names()
    language = _language(message)
    values = {**message.context, **site.facts(), "language": language}
    with translation.override(language):
        subject = " ".join(_filled(subject_template, values, escape=False).split())
        if not subject:
            raise ValueError(f"{subject_template} gives an empty subject")
        mail = EmailMultiAlternatives(
            subject=subject,
            body=_filled(text_template, values, escape=False).strip() + "\n",
            to=[message.to_address],
            headers=_headers(message, kind),
        )
        mail.attach_alternative(_filled(html_template, values, escape=True).strip(), "text/html")
    return mail


def _language(message: Message) -> str:
    # A language that the operator has taken away must not stop a mail.
    return message.language if message.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _filled(name: str, values: dict[str, object], *, escape: bool) -> str:
    # Text is never escaped, whether or not its author thought of `autoescape off`; HTML always is.
    return str(Engine.get_default().get_template(name).render(Context(values, autoescape=escape)))


def _headers(message: Message, kind: Kind) -> dict[str, str]:
    headers = {
        "Message-ID": message.message_id,
        "X-Mail-Kind": kind.name,
        "Auto-Submitted": "auto-generated",
    }
    if kind.bulk and kind.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{kind.unsubscribe_url(message)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
