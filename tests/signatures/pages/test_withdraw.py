"""Links that end a signature or its mails, without a log-in."""

import pytest
from django.test import Client

from lib import tokens
from petitions import counting
from signatures.emails import UNSUBSCRIBE, WITHDRAW
from signatures.models import Signature, State
from tests.signatures.pages.conftest import close_ago, link

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mail_link(signed) -> str:
    return link(UNSUBSCRIBE, f"milestone-supporter.{signed(updates=True).pk}")


def test_it_shows_what_would_be_withdrawn(client, signed, petition):
    signature = signed()
    page = client.get(link(WITHDRAW, signature.pk)).content.decode()
    assert petition.title in page
    assert "Withdraw my signature" in page
    signature.refresh_from_db()
    assert signature.state == State.CONFIRMED


def test_the_button_withdraws_and_a_second_click_changes_nothing(client, signed, petition):
    url = link(WITHDRAW, signed().pk)
    for _click in range(2):
        page = client.post(url, follow=True).content.decode()
        assert "Your signature is withdrawn." in page
        assert "Sign again" in page
    assert counting.progress_of(petition.slug).signatures == 0


def test_after_the_end_it_can_be_withdrawn_but_not_given_again(client, signed, petition):
    signature = signed()
    close_ago(petition, hours=1)
    page = client.post(link(WITHDRAW, signature.pk), follow=True).content.decode()
    assert "Your signature is withdrawn." in page
    assert "Sign again" not in page


def test_it_can_be_withdrawn_from_a_petition_that_was_taken_down(client, signed, petition, take_down):
    signature = signed()
    take_down()
    url = link(WITHDRAW, signature.pk)
    assert petition.title not in client.get(url).content.decode()
    assert "Your signature is withdrawn." in client.post(url, follow=True).content.decode()


def test_a_request_that_waits_is_deleted(client, signed):
    url = link(WITHDRAW, signed(State.PENDING).pk)
    assert "Delete my request" in client.get(url).content.decode()
    assert Signature.objects.exists()
    assert "The request is deleted." in client.post(url).content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize("state", [State.HELD, State.REMOVED])
def test_what_does_not_count_says_how_it_stands(client, signed, state):
    signature = signed(state)
    page = client.post(link(WITHDRAW, signature.pk), follow=True).content.decode()
    assert ("held for review" if state == State.HELD else "removed this signature") in page
    signature.refresh_from_db()
    assert signature.state == state


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_the_way_out_of_mails_changes_nothing(client, mail_link, method):
    response = getattr(client, method)(mail_link)
    assert response.status_code == 200
    assert not response.cookies
    assert Signature.objects.get().updates


def test_one_click_by_the_mail_program_needs_neither_cookie_nor_token(mail_link):
    careful = Client(enforce_csrf_checks=True)
    response = careful.post(mail_link, ONE_CLICK)
    assert response.status_code == 200
    assert not response.cookies
    assert not Signature.objects.get().updates
    assert Signature.objects.get().state == State.CONFIRMED


def test_a_second_time_is_as_friendly(client, mail_link):
    for _time in range(2):
        assert "You get no more mails about this petition." in client.post(mail_link).content.decode()
    assert "You get no more mails" in client.get(mail_link).content.decode()


def test_a_person_presses_a_button(client, mail_link, petition):
    page = client.get(mail_link).content.decode()
    assert petition.title in page
    assert "Stop these mails" in page
    assert "csrfmiddlewaretoken" not in page


def test_mails_can_be_ended_when_the_petition_is_gone_from_sight(client, mail_link, petition, take_down):
    take_down()
    assert client.post(mail_link, ONE_CLICK).status_code == 200
    assert not Signature.objects.get().updates


def test_another_signatures_mails_can_not_be_ended(client, signed):
    one, other = signed(updates=True), signed(email="else@example.org", updates=True)
    forged = tokens.make(UNSUBSCRIBE, f"milestone-supporter.{one.pk}").replace(f".{one.pk}.", f".{other.pk}.")
    assert client.post(f"/unsubscribe/{forged}/", ONE_CLICK).status_code == 404
    assert Signature.objects.filter(updates=True).count() == 2


def test_its_pages_are_kept_from_caches_and_search_engines(client, mail_link):
    response = client.get(mail_link)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
