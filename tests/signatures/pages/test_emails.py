"""Each mail of this room as its reader gets it."""

import pytest

from outbox import kinds
from outbox.models import Message
from outbox.render import render
from petitions.models import Petition, Tally
from signatures import rollup
from signatures.models import State
from signatures.services import announcing
from tests.petitions.emails.conftest import Mail, read

TITLE = "Lamps & <benches> for “us”"
LINKS = {"confirm-signature": "/signatures/confirm/", "already-signed": "/signatures/withdraw/"}


@pytest.fixture
def petition(make_petition) -> Petition:
    return make_petition(title=TITLE)


def mail_of(kind: str) -> Mail:
    return read(Message.objects.filter(kind=kind).latest("pk"))


def test_confirm_signature(ask):
    ask()
    mail = mail_of("confirm-signature")
    assert mail.subject == f"Confirm your signature: {TITLE}"
    assert mail.button.startswith("http://localhost")
    assert "/signatures/confirm/" in mail.button
    assert mail.button in mail.text
    for text in (mail.text, mail.html.get_text()):
        assert TITLE in text
        assert "14 days" in text
        assert "It wasn’t you?" in text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.CONFIRMED, "counted, once"),
        (State.HELD, "held for review"),
        (State.REMOVED, "removed by a moderator"),
    ],
)
def test_already_signed(ask, signed, state, told):
    signed(state)
    ask()
    mail = mail_of("already-signed")
    assert told in mail.text
    assert told in mail.html.get_text()
    assert ("/signatures/withdraw/" in mail.text) == (state == State.CONFIRMED)
    assert ("/signatures/withdraw/" in str(mail.html)) == (state == State.CONFIRMED)


@pytest.fixture
def hundred(petition, signed):
    """Let the hundredth sign and be told."""
    Tally.objects.filter(petition=petition).update(signatures=99)
    signed(updates=True)
    rollup.roll_up()
    announcing.announce_due()


def test_milestone_starter(hundred, petition):
    mail = mail_of("milestone-starter")
    assert mail.to == "alice@example.org"
    assert mail.subject == f"100 people have signed your petition: {TITLE}"
    for text in (mail.text, " ".join(mail.html.get_text().split())):
        assert "goal of 100 signatures" in text
        assert "have signed. Let’s get to 200!" in text
    assert f"http://localhost{petition.get_manage_url()}" in mail.text.replace(":8000", "")


def test_milestone_supporter(hundred, petition):
    mail = mail_of("milestone-supporter")
    assert mail.to == "dora@example.org"
    assert mail.subject == f"100 people have signed: {TITLE}"
    cells = mail.html.select("td[height='12']")
    assert [cell.get("width") for cell in cells] == ["50%", None]
    for text in (mail.text, str(mail.html)):
        assert "/unsubscribe/" in text
        assert "/signatures/withdraw/" in text
        assert "help Alice, too" in text


def test_mail_programs_can_end_them_with_one_click(client, hundred):
    headers = render(Message.objects.get(kind="milestone-supporter")).extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/unsubscribe/" + headers["List-Unsubscribe"].strip("<>").partition("/unsubscribe/")[2]
    assert "no more mails" in client.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()


def test_one_is_one_person(make_petition, signed, petition):
    Petition.objects.filter(pk=petition.pk).update(first_goal=1)
    signed(updates=True)
    rollup.roll_up()
    announcing.announce_due()
    assert mail_of("milestone-supporter").subject == f"1 person has signed: {TITLE}"
    assert "1 has signed. Let’s get to 100!" in mail_of("milestone-starter").text


def test_seeds_have_no_starter_to_thank(petition, signed):
    Petition.objects.filter(pk=petition.pk).update(first_goal=1, starter=None, starter_name="")
    signed(updates=True)
    rollup.roll_up()
    announcing.announce_due()
    assert not Message.objects.filter(kind="milestone-starter").exists()
    assert "may want to sign, too" in mail_of("milestone-supporter").text


def test_supporters_are_promised_the_mails_that_there_are(client, sign_url):
    """Whoever adds a kind of mail to them has to say so where they ask for mails."""
    assert [kind.name for kind in kinds.registered() if kind.bulk] == ["milestone-supporter"]
    page = client.get(sign_url).content.decode()
    assert "Tell me by e-mail when a goal is reached" in page
    assert "news" not in page
