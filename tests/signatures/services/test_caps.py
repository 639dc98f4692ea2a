"""Nobody’s mailbox is filled by somebody else: five mails for each petition, ten a day on the whole site."""

from datetime import timedelta

from django.db.models import F

from outbox.models import Message
from signatures.models import AskedMail
from signatures.services import caps, withdrawing
from tests.signatures.counts import only

CAROL = "carol@gmail.com"
SPELLINGS = ["ca.rol@gmail.com", "Carol@googlemail.com", "carol+x@gmail.com", CAROL]


def later(by):
    AskedMail.objects.update(at=F("at") - by)


def mailed():
    return Message.objects.filter(kind__in=["confirm-signature", "already-signed"]).count()


def test_five_for_one_petition_in_any_spelling(petition, ask):
    assert all(ask(SPELLINGS[number % 4]) for number in range(8))
    assert mailed() == caps.PER_PETITION == 5


def test_ten_a_day_on_the_whole_site(make_petition, ask):
    for number in range(4):
        petition = make_petition(title=f"Plant tree number {number}")
        assert all(ask(CAROL, petition=petition) for _ in range(4))
    assert mailed() == caps.PER_DAY == 10


def test_the_next_day_there_are_ten_more(make_petition, ask):
    for number in range(3):
        petition = make_petition(title=f"Plant tree number {number}")
        assert all(ask(CAROL, petition=petition) for _ in range(5))
    later(timedelta(hours=24))
    ask(CAROL, petition=petition)
    assert mailed() == 11


def test_a_petition_s_five_are_for_two_weeks(petition, ask):
    assert all(ask(CAROL) for _ in range(6))
    later(timedelta(days=13))
    assert caps.forget() == 0
    ask(CAROL)
    assert mailed() == 5
    later(timedelta(days=1))
    assert caps.forget() == 5
    ask(CAROL)
    assert mailed() == 6


def test_others_are_not_touched_by_it(petition, ask):
    assert all(ask(CAROL) for _ in range(6))
    ask("carol@example.org")
    assert Message.objects.filter(to_address="carol@example.org").count() == 1


def test_mails_about_what_was_signed_are_counted_too(petition, carol, sign, ask):
    sign(carol)
    assert all(ask(carol.email) for _ in range(7))
    assert mailed() == 5


def test_disowning_gives_no_new_mails(petition, ask):
    assert all(ask(CAROL) for _ in range(5))
    withdrawing.disown(signature=only(petition))
    ask(CAROL)
    assert mailed() == 5
