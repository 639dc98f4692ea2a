"""The account mails: each of allauth's has a kind, and each kind says all in both parts."""

import re
from datetime import timedelta
from pathlib import Path

import allauth
import pytest
from django.utils import translation

from accounts import emails
from accounts.emails import MAILS, post_mail
from lib import clock
from outbox import kinds
from outbox.models import Message
from outbox.render import render

VALUES = {
    "code": "BCDF-GHJK",
    "password_reset_url": "http://evil.example/accounts/password/reset/key/1-abc/",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "gone@example.org",
}
POSTED = pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.kind)


def post(mail, user=None):
    post_mail(prefix=mail.prefix, to="dora@example.org", context={**VALUES, "request": object()}, user=user)
    return Message.objects.latest("pk")


def test_each_of_allauths_mails_has_a_kind():
    sources = [
        *Path(allauth.__path__[0]).rglob("account/**/*.py"),
        *Path(allauth.__path__[0]).rglob("mfa/**/*.py"),
    ]
    used = {
        name
        for source in sources
        for name in re.findall(r'"((?:account|mfa)/email/\w+)"', source.read_text())
    }
    assert len(used) > 12, "the pattern no longer finds them"
    assert used <= set(emails.BY_PREFIX)


def test_each_kind_is_registered():
    assert {mail.kind for mail in MAILS} <= {kind.name for kind in kinds.registered()}


@POSTED
def test_it_says_all_in_both_parts(db, mail):
    message = post(mail)
    sent = render(message)
    html = sent.alternatives[0][0]
    assert sent.subject.strip()
    assert "\n" not in sent.subject
    for name in mail.values:
        assert str(message.context[name]) in sent.body
        assert str(message.context[name]) in html
    assert "evil.example" not in sent.body + html
    assert "{{" not in sent.body + html
    assert "{%" not in sent.body + html
    assert "http://localhost:8000" in sent.body


@POSTED
def test_it_keeps_only_what_it_shows(db, mail):
    message = post(mail)
    assert set(message.context) == {*mail.values, "email", "minutes", "when"}


@POSTED
def test_its_secrets_are_known_to_the_outbox(mail):
    secret = {name for name in mail.values if name in ("code", "password_reset_url")}
    assert set(kinds.get(mail.kind).secrets) == secret


def test_each_sending_is_a_mail_of_its_own(db):
    post(MAILS[0])
    post(MAILS[0])
    assert Message.objects.count() == 2


def test_a_code_that_has_run_out_is_not_wanted(db):
    message = post(MAILS[0])
    wanted = kinds.get(message.kind).still_wanted
    assert wanted(message)
    message.created_at = clock.now() - timedelta(hours=1)
    assert not wanted(message)


def test_it_speaks_the_chosen_language(alice, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    alice.language = "de"
    link = next(mail for mail in MAILS if mail.kind == "account-password-reset-link")
    message = post(link, alice)
    assert message.language == "de"
    assert (
        message.context["password_reset_url"] == "http://localhost:8000/de/accounts/password/reset/key/1-abc/"
    )


def test_it_speaks_the_pages_language_to_strangers(db, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    with translation.override("de"):
        assert post(MAILS[0]).language == "de"


def test_it_shows_the_persons_own_time(alice):
    alice.time_zone = "Asia/Kolkata"
    assert "IST" in post(MAILS[-1], alice).context["when"]
