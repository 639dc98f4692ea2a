"""The link in the mail, in every state, opened once or twice, early or late, by people and by machines."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from lib import tokens
from petitions import counting
from signatures.emails import CONFIRM, WITHDRAW
from signatures.models import Signature, State
from tests.signatures.pages.conftest import close_ago, link


def confirm(client: Client, signature: Signature, **fields: str):
    return client.post(link(CONFIRM, signature.pk), {"name": "Dora Maar", **fields}, follow=True)


def test_it_shows_what_was_asked_for(client, ask, petition):
    signature = ask(reason="I walk there.", public=True)
    response = client.get(link(CONFIRM, signature.pk))
    page = response.content.decode()
    assert petition.title in page
    assert 'value="Dora Maar"' in page
    assert "I walk there.</textarea>" in page
    assert page.count("checked") == 1
    assert "I sign this petition, and I agree" in page
    assert "This wasn’t me" in page
    assert "dora@example.org" not in page


def test_no_other_site_and_no_search_engine_learns_the_address(client, confirm_url):
    response = client.get(confirm_url)
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["get", "head"])
def test_scanners_that_follow_links_change_nothing(client, confirm_url, method):
    for _time in range(2):
        assert getattr(client, method)(confirm_url).status_code == 200
    assert Signature.objects.get().state == State.PENDING
    assert not User.objects.filter(email="dora@example.org").exists()


def test_the_button_counts_and_signs_nobody_in(client, ask, petition):
    response = confirm(client, ask())
    page = response.content.decode()
    assert "Thank you, <bdi>Dora Maar</bdi>." in page
    assert "<strong>1</strong> has signed. Let’s get to 100!" in page
    assert (
        "Alice needs your help with “Keep the river path lit until midnight”. Join Alice and 1 supporter today."
        in page
    )
    assert 'href="/accounts/login/code/"' in page
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    signature = Signature.objects.get()
    assert signature.user.email == "dora@example.org"
    assert not signature.user.has_usable_password()


def test_the_button_takes_three_statements(client, ask):
    signature = ask()
    with CaptureQueriesContext(connection) as asked:
        client.post(link(CONFIRM, signature.pk), {"name": "Dora Maar"})
    told = [each["sql"].partition("(")[0].strip() for each in asked if "SAVEPOINT" not in each["sql"]]
    assert told == ["EXECUTE asked", "EXECUTE prove", "EXECUTE confirm"]


def test_what_is_changed_on_the_page_holds(client, ask):
    confirm(client, ask(public=True, updates=True), name="D. Maar", reason="Because.", updates="on")
    signature = Signature.objects.get()
    assert (signature.name, signature.reason, signature.public, signature.updates) == (
        "D. Maar",
        "Because.",
        False,
        True,
    )


def test_without_fields_it_confirms_what_was_asked_for(client, ask):
    client.post(link(CONFIRM, ask(reason="Because.", public=True).pk))
    signature = Signature.objects.get()
    assert (signature.state, signature.reason, signature.public) == (State.CONFIRMED, "Because.", True)


def test_a_mistake_is_said_and_nothing_is_lost(client, ask):
    signature = ask()
    response = confirm(client, signature, name="", reason="Because.")
    assert response.status_code == 422
    assert "Because." in response.content.decode()
    signature.refresh_from_db()
    assert signature.state == State.PENDING


def test_the_link_twice_counts_once_and_says_so(client, ask, petition):
    signature = ask()
    confirm(client, signature)
    assert "You have signed already." in confirm(client, signature).content.decode()
    again = Client().get(link(CONFIRM, signature.pk)).content.decode()
    assert "You have signed already." in again
    assert tokens.make(WITHDRAW, signature.pk) in again
    assert counting.progress_of(petition.slug).signatures == 1


def test_who_else_is_signed_in_stays_so(client_of, mallory, ask):
    client = client_of(mallory)
    assert "Thank you" in confirm(client, ask()).content.decode()
    assert Signature.objects.get().user.email == "dora@example.org"
    assert "mallory@example.org" not in confirm(client, Signature.objects.get()).content.decode()


def test_this_was_not_me_deletes_the_request(client, ask):
    signature = ask()
    disown = link("disown", signature.pk).replace(
        tokens.make("disown", signature.pk), tokens.make(CONFIRM, signature.pk)
    )
    assert client.get(disown).status_code == 302
    assert Signature.objects.exists()
    assert "The request is deleted." in client.post(disown).content.decode()
    assert not Signature.objects.exists()
    assert "leads to nothing any more" in client.get(link(CONFIRM, signature.pk)).content.decode()
    assert client.post(disown).status_code == 404


def test_what_was_proven_once_is_not_deleted(client, signed):
    signature = signed(State.CONFIRMED)
    client.post(f"/signatures/disown/{tokens.make(CONFIRM, signature.pk)}/")
    assert Signature.objects.get().state == State.CONFIRMED


def test_an_old_link_after_withdrawing_offers_to_sign_again(client, signed, petition):
    signature = signed(State.WITHDRAWN)
    page = client.get(link(CONFIRM, signature.pk)).content.decode()
    assert "Sign again?" in page
    assert "This wasn’t me" not in page
    assert "Thank you" in confirm(client, signature).content.decode()
    assert counting.progress_of(petition.slug).signatures == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.HELD, "Your signature is held for review."),
        (State.REMOVED, "A moderator has removed this signature."),
        (State.CONFIRMED, "You have signed already."),
    ],
)
def test_every_state_has_its_page(client, signed, state, told):
    signature = signed(state)
    for response in (client.get(link(CONFIRM, signature.pk)), confirm(client, signature)):
        assert told in response.content.decode()
        assert "Thank you" not in response.content.decode()


def test_within_a_day_after_closing_it_still_counts(client, ask, petition):
    signature = ask()
    Signature.objects.update(asked_at="2026-01-01T00:00Z")
    close_ago(petition, hours=23)
    page = confirm(client, signature).content.decode()
    assert "Your signature arrived in time" in page
    assert "Ask three people" not in page


def test_later_it_says_that_signing_has_ended(client, ask, petition):
    signature = ask()
    Signature.objects.update(asked_at="2026-01-01T00:00Z")
    close_ago(petition, hours=25)
    assert "Signing has ended." in client.get(link(CONFIRM, signature.pk)).content.decode()
    assert confirm(client, signature).status_code == 409
    assert Signature.objects.get().state == State.PENDING


@pytest.mark.parametrize("state", [State.PENDING, State.WITHDRAWN, State.CONFIRMED])
def test_a_petition_that_was_taken_down_says_so(client, signed, petition, take_down, state):
    signature = signed(state)
    take_down()
    for purpose in (CONFIRM, "thanks"):
        response = client.get(link(purpose, signature.pk))
        assert response.status_code == 410
        assert petition.title not in response.content.decode()
    assert client.post(link(CONFIRM, signature.pk)).status_code == 410


@pytest.mark.parametrize("token", ["x", "1.forged", "1", "-1.x", "é.x"])
def test_a_broken_link_says_so(client, db, token):
    for page in ("signatures/confirm", "signatures/withdraw", "signatures/thanks", "unsubscribe"):
        response = client.get(f"/{page}/{token}/")
        assert response.status_code == 404
        assert "leads to nothing any more" in response.content.decode()


def test_a_link_for_one_thing_opens_nothing_else(client, signed):
    signature = signed(State.CONFIRMED)
    for page in ("confirm", "withdraw"):
        assert client.get(f"/signatures/{page}/{tokens.make('thanks', signature.pk)}/").status_code == 404


def test_it_needs_the_token_against_forgery(ask):
    careful, signature = Client(enforce_csrf_checks=True), ask()
    token = tokens.make(CONFIRM, signature.pk)
    for page in ("confirm", "disown"):
        assert careful.post(f"/signatures/{page}/{token}/").status_code == 403
    assert careful.post(link(WITHDRAW, signature.pk)).status_code == 403
    assert Signature.objects.get().state == State.PENDING


def test_the_same_account_under_another_address_is_told_that_it_has_signed(client, ask, carol, member_signed):
    member_signed(carol)
    carol.emailaddress_set.create(email="carol@work.example.org", verified=True)
    page = confirm(client, ask("carol@work.example.org")).content.decode()
    assert "Thank you, <bdi>Carol Singer</bdi>." in page
    assert Signature.objects.confirmed().count() == 1


def test_a_closed_account_is_told_so(client, ask, carol):
    signature = ask("carol@example.org")
    User.objects.filter(pk=carol.pk).update(is_active=False)
    response = confirm(client, signature)
    assert response.status_code == 403
    assert "The account of this address is closed." in response.content.decode()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "שרה לוי", "🌻 Sonja", "O’Neil & “Co”"])
def test_names_and_reasons_are_shown_as_they_are_and_do_nothing(client, ask, petition, name):
    confirm(client, ask(), name=name, reason=f"{name} says so", public="on")
    for url in (petition.get_absolute_url(), link("thanks", Signature.objects.get().pk)):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page
