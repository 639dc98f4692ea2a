"""Turn a row into a mail in the person's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.utils import translation

from lib.web import site
from outbox import kinds
from outbox.kinds import Kind
from outbox.models import Message


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    text: str
    html: str


def render(message: Message) -> EmailMultiAlternatives:
    """Return the mail of this row, complete with its headers; raise what the templates raise."""
    kind, language = kinds.get(message.kind), language_of(message)
    with translation.override(language):
        return put_together(message, words(kind, {**message.context, **constants(language)}), kind)


def put_together(message: Message, said: Words, kind: Kind) -> EmailMultiAlternatives:
    """Return the mail that says this, in the active language."""
    mail = EmailMultiAlternatives(
        subject=said.subject, body=said.text, to=[message.to_address], headers=headers(message, kind)
    )
    mail.attach_alternative(said.html, "text/html")
    return mail


def words(kind: Kind, values: Mapping[str, object]) -> Words:
    """Return what a mail of this kind says with these values, in the active language."""
    subject_template, text_template, html_template = kind.template_names()
    subject = " ".join(_filled(subject_template, values, escape=False).split())
    if not subject:
        raise ValueError(f"{subject_template} gives an empty subject")
    text = _filled(text_template, values, escape=False).strip() + "\n"
    return Words(subject, text, _filled(html_template, values, escape=True).strip())


def constants(language: str) -> dict[str, str]:
    """Return the values that the templates of every mail in this language know."""
    return {**site.facts(), "language": language}


def language_of(message: Message) -> str:
    """Return the person's language; one that the operator has taken away must not stop a mail."""
    return message.language if message.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def headers(message: Message, kind: Kind) -> dict[str, str]:
    """Return the headers of our own, with links in the active language."""
    ours = {
        "Message-ID": message.message_id,
        "X-Mail-Kind": kind.name,
        "Auto-Submitted": "auto-generated",
    }
    if kind.bulk and kind.unsubscribe_url:
        ours["List-Unsubscribe"] = f"<{kind.unsubscribe_url(message)}>"
        ours["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return ours


def _filled(name: str, values: Mapping[str, object], *, escape: bool) -> str:
    # Text is never escaped, whether or not its author thought of `autoescape off`; HTML always is.
    return str(Engine.get_default().get_template(name).render(Context(dict(values), autoescape=escape)))
