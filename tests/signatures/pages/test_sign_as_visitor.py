"""A visitor signs: the form, what it says of mistakes, and what nobody learns from it."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from petitions.models import Petition
from petitions.states import State as PetitionState
from signatures.models import Signature, State
from tests.signatures.pages.conftest import DORA, close_ago, hidden_fields, mails, without_tokens


def test_the_form_has_the_fields_of_the_contract(client, sign_url):
    page = client.get(sign_url).content.decode()
    for name in (
        "name",
        "email",
        "reason",
        "public",
        "updates",
        "consent",
        "request_key",
        "stamp",
        "homepage",
    ):
        assert f'name="{name}"' in page, name
    assert "checked" not in page
    assert 'href="/privacy/"' in page


def test_the_page_is_private(client, sign_url):
    response = client.get(sign_url)
    assert response["Cache-Control"] == "private, no-store"
    assert 'content="noindex"' in response.content.decode()


def test_it_asks_the_mailbox(fill_in, petition):
    response = fill_in(reason="I walk there.", public="on", updates="on")
    assert (response.status_code, response.url) == (302, f"{petition.get_absolute_url()}sign/sent/")
    (mail,) = mails("confirm-signature")
    assert mail.to_address == "dora@example.org"
    signature = Signature.objects.get()
    assert (signature.state, signature.suspicion, signature.user) == (State.PENDING, "", None)
    assert (signature.name, signature.reason, signature.public, signature.updates) == (
        "Dora Maar", "I walk there.", True, True,
    )  # fmt: skip
    assert len(bytes(signature.network_hash)) == 32
    assert signature.email_domain == "example.org"


def test_the_page_after_it_says_to_look_in_the_mail(client, petition):
    page = client.get(f"{petition.get_absolute_url()}sign/sent/").content.decode()
    assert "One step left: look in your mail" in page
    assert "@example.org" not in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Write your name."),
        ({"name": " \u200b "}, "Write your name."),
        ({"name": "Buy at shop.example.com"}, "web or mail address"),
        ({"name": "D" * 81}, "at most 80"),
        ({"email": "dora"}, "Write the whole e-mail address"),
        ({"email": '"a b"@example.org'}, "Write the whole e-mail address"),
        ({"email": '"a,b"@example.org'}, "Write the whole e-mail address"),
        ({"email": "dora@[127.0.0.1]"}, "Write the whole e-mail address"),
        ({"email": "\u212aa@example.org"}, "Write the whole e-mail address"),
        ({"email": f"dora@{'é' * 200}.example.org"}, "Write the whole e-mail address"),
        ({"reason": "r" * 501}, "at most 500"),
        ({"consent": ""}, "Agree that your signature is stored"),
    ],
)
def test_it_says_what_to_mend_and_loses_nothing(fill_in, fields, told):
    response = fill_in(**{"reason": "I walk there.", "updates": "on", **fields})
    page = response.content.decode()
    assert response.status_code == 422
    assert "data-error-summary" in page
    assert told in page
    assert "<title>Error: " in page
    assert 'name="updates" class="form-check-input"' in page or "checked" in page
    assert fields.get("reason", "I walk there.") in page
    assert not Signature.objects.exists()


def test_what_is_typed_again_keeps_its_key_and_its_time(client, sign_url):
    carried = hidden_fields(client.get(sign_url).content.decode())
    page = client.post(sign_url, {**carried, **DORA, "email": "wrong"}).content.decode()
    again = hidden_fields(page)
    assert (again["request_key"], again["stamp"]) == (carried["request_key"], carried["stamp"])


@pytest.mark.parametrize("key", ["", "no-uuid", "\x00"])
def test_a_lost_key_is_replaced(client, sign_url, fill_in, key):
    assert fill_in(request_key=key).status_code == 302


@pytest.mark.parametrize("email", ["dora@bücher.example", "DORA+x@Example.ORG", "o'neill@example.org"])
def test_it_takes_every_usable_address(fill_in, email):
    assert fill_in(email=email).status_code == 302
    assert mails("confirm-signature")[0].to_address == email


def test_long_lines_of_windows_count_as_typed(fill_in):
    assert fill_in(reason="\r\n".join(["x" * 49] * 10)).status_code == 302


@pytest.mark.parametrize(
    ("how", "why"),
    [({"homepage": "http://x"}, "honeypot"), ({"seconds": 0.5}, "haste"), ({"stamp": "forged.1"}, "haste")],
)
def test_what_is_odd_is_asked_all_the_same_and_held_later(fill_in, client, how, why):
    assert fill_in(**how).status_code == 302
    assert Signature.objects.get().suspicion == why
    address = urlsplit(mails("confirm-signature")[0].context["confirm_url"])
    response = client.post(address.path, follow=True)
    assert "held for review" in response.content.decode()
    assert "Thank you" not in response.content.decode()
    assert Signature.objects.get().state == State.HELD


def test_a_crowd_from_one_network_is_held_and_others_are_not(fill_in, petition, ask):
    ask("first@example.org")
    first = Signature.objects.get()
    fill_in(email="dora@example.org")
    network = Signature.objects.get(email="dora@example.org").network_hash
    for number in range(50):
        first.pk, first.email, first.network_hash = None, f"p{number}@example.org", network
        first.identity_hash = number.to_bytes(32)
        first.save(force_insert=True)
    fill_in(email="late@example.org")
    fill_in(Client(REMOTE_ADDR="203.0.113.9"), email="elsewhere@example.org")
    assert Signature.objects.get(email="late@example.org").suspicion == "network"
    assert Signature.objects.get(email="elsewhere@example.org").suspicion == ""


@pytest.mark.parametrize("state", list(State))
def test_known_and_unknown_addresses_get_the_same_reply(fill_in, signed, state):
    signed(state)
    fill_in(email="warm@example.org")
    replies = []
    for email in ("dora@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = fill_in(email=email)
        page = Client().get(response.url).content.decode()
        replies.append((response.status_code, response.url, without_tokens(page), len(queries)))
    assert replies[0] == replies[1]


def test_a_double_click_makes_one_request_and_one_mail(client, sign_url):
    carried = hidden_fields(client.get(sign_url).content.decode())
    for _click in range(2):
        assert client.post(sign_url, {**carried, **DORA}).status_code == 302
    assert Signature.objects.count() == 1
    assert len(mails("confirm-signature")) == 1


def test_two_tabs_make_one_request(fill_in):
    fill_in()
    fill_in(email="DORA@example.org", reason="From the other tab.")
    assert Signature.objects.count() == 1
    assert len(mails("confirm-signature")) == 2


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(client, sign_url, method):
    getattr(client, method)(f"{sign_url}?name=Dora&email=dora@example.org&consent=on")
    assert not Signature.objects.exists()


def test_it_needs_the_token_against_forgery(sign_url):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(sign_url, {**DORA, "request_key": uuid4()}).status_code == 403
    assert not Signature.objects.exists()


def test_the_later_of_two_first_cookies_spoils_no_form(petition, sign_url):
    """The petition's page asks for its panel while its reader has gone on to the form; the panel comes in last."""
    visitor, name = Client(enforce_csrf_checks=True), settings.CSRF_COOKIE_NAME
    form = visitor.get(sign_url)
    late = Client().get(f"{petition.get_absolute_url()}panel/")
    assert form.cookies[name].value != late.cookies[name].value
    visitor.cookies[name] = late.cookies[name].value
    sent = {"csrfmiddlewaretoken": form.context["csrf_token"], **hidden_fields(form.content.decode()), **DORA}
    assert visitor.post(sign_url, sent).status_code == 403
    assert visitor.post(sign_url, sent, HTTP_ORIGIN="http://testserver").status_code == 302
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("state", [PetitionState.CLOSED, PetitionState.VICTORY])
def test_an_ended_petition_says_so(client, make_petition, state):
    url = f"{make_petition(state).get_absolute_url()}sign/"
    assert (client.get(url).status_code, client.post(url, DORA).status_code) == (200, 409)
    assert "Signing has ended." in client.get(url).content.decode()
    assert not Signature.objects.exists()


def test_one_whose_time_is_up_says_so_before_the_clock_closes_it(client, petition, sign_url):
    Petition.objects.filter(pk=petition.pk).update(closes_at="2020-01-01T00:00Z")
    assert "Signing has ended." in client.get(sign_url).content.decode()


def test_a_petition_that_closes_while_the_form_is_filled_in(client, petition, sign_url):
    carried = hidden_fields(client.get(sign_url).content.decode())
    close_ago(petition, seconds=1)
    response = client.post(sign_url, {**carried, **DORA})
    assert response.status_code == 409
    assert "It ended before your signature arrived" in response.content.decode()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (PetitionState.DRAFT, 404),
        (PetitionState.SUBMITTED, 404),
        (PetitionState.CHANGES_REQUESTED, 404),
        (PetitionState.REJECTED, 302),
        (PetitionState.REMOVED, 410),
    ],
)
@pytest.mark.parametrize("page", ["sign/", "sign/sent/", "panel/"])
def test_what_is_not_public_can_not_be_signed(client, make_petition, state, status, page):
    url = f"{make_petition(state).get_absolute_url()}{page}"
    assert client.get(url).status_code == status
    if page == "sign/":
        assert client.post(url, DORA).status_code == status


@pytest.mark.parametrize("slug", ["nothing", "nothing-0", "nothing-99999999999999999999", "x-²"])
def test_an_unknown_petition_is_not_found(client, db, slug):
    assert client.get(f"/petitions/{slug}/sign/").status_code == 404


def test_the_form_takes_few_queries(client, sign_url, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(sign_url)


def test_a_request_takes_four_statements(client, sign_url, ask):
    ask("first@example.org")
    carried = hidden_fields(client.get(sign_url).content.decode())
    with CaptureQueriesContext(connection) as asked:
        client.post(sign_url, {**carried, **DORA})
    kinds = [each["sql"].partition("(")[0].split() for each in asked]
    told = [" ".join(words[:3]) for words in kinds if "SAVEPOINT" not in words]
    assert told == ["SELECT set_config", "EXECUTE ask", "EXECUTE post", "EXECUTE count_mail"]


def test_a_removed_petition_shows_nothing_of_its_text(client, make_petition):
    petition = make_petition(PetitionState.REMOVED)
    page = client.get(f"{petition.get_absolute_url()}sign/").content.decode()
    assert petition.title not in page
