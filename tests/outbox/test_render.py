import email.policy
from email.parser import BytesParser

import pytest
from django.core.mail import BadHeaderError

from outbox import kinds
from outbox.kinds import Kind
from outbox.models import Message
from outbox.post import message_id_for
from outbox.render import render


def note(**changes):
    values = {
        "pk": 7,
        "kind": "note",
        "to_address": "carol@example.org",
        "language": "en",
        "context": {"name": "<Zoë>", "code": "123 456"},
        "message_id": message_id_for("note:7"),
    }
    return Message(**{**values, **changes})


def parsed(mail):
    return BytesParser(policy=email.policy.default).parsebytes(mail.message().as_bytes())


def test_it_has_a_text_and_an_html_part_with_the_site_in_them(settings):
    mail = parsed(render(note()))
    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    site = [settings.SITE_NAME, settings.SITE_URL, settings.OPERATOR_NAME, settings.CONTACT_EMAIL, "en"]
    assert " ".join(site) in text
    assert "Hello <Zoë> & all" in text
    assert "Hello &lt;Zoë&gt; & all" in html


def test_it_carries_its_headers(settings):
    mail = parsed(render(note()))
    assert mail["Message-ID"] == message_id_for("note:7")
    assert mail["X-Mail-Kind"] == "note"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == settings.DEFAULT_FROM_EMAIL
    assert mail["To"] == "carol@example.org"
    assert mail["Date"]
    assert mail["List-Unsubscribe"] is None


def test_a_bulk_mail_can_be_unsubscribed_from_by_one_click():
    mail = parsed(render(note(kind="letter")))
    assert mail["List-Unsubscribe"] == "<https://example.org/unsubscribe/7/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_subject_is_one_line_whatever_is_in_it():
    mail = render(note(context={"name": "Carol\r\nBcc: mallory@example.org"}))
    assert mail.subject == "Yes, Carol Bcc: mallory@example.org: your code"
    assert parsed(mail)["Bcc"] is None


def test_a_line_break_in_another_header_is_refused():
    kinds.register(
        Kind("odd", "trial/letter", "bulk", bulk=True, unsubscribe_url=lambda _: "https://x\nBcc: a@b.org")
    )
    with pytest.raises(BadHeaderError):
        render(note(kind="odd")).message()


@pytest.mark.parametrize(("language", "word"), [("en", "Yes"), ("de", "Ja"), ("tlh", "Yes")])
def test_it_speaks_the_persons_language_or_else_the_sites(settings, language, word):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    mail = render(note(language=language))
    assert mail.subject.startswith(f"{word}, ")
    assert (language if language != "tlh" else "en") in mail.body


def test_the_rows_values_cannot_pretend_to_be_the_site(settings):
    assert settings.SITE_NAME in render(note(context={"site_name": "Phish"})).body


def test_a_mail_without_a_subject_is_a_fault_of_its_templates():
    kinds.register(Kind("blank", "trial/blank"))
    with pytest.raises(ValueError, match="empty subject"):
        render(note(kind="blank"))
