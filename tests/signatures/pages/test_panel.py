"""The fragment in the petition's page."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.test import Client

from accounts.models import User
from signatures.forms import AskForm
from signatures.models import Signature, State
from signatures.services import withdrawing
from tests.signatures import moderating


@pytest.fixture
def panel_url(petition) -> str:
    return f"{petition.get_absolute_url()}panel/"


@pytest.fixture
def carols(client_of, carol, member_signed) -> Client:
    """Return the browser of Carol, who has signed."""
    member_signed(carol)
    return client_of(carol)


def test_a_visitor_gets_the_form_with_its_token(client, panel_url):
    response = client.get(panel_url)
    page = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert 'name="csrfmiddlewaretoken"' in page
    assert settings.CSRF_COOKIE_NAME in response.cookies
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    for name in ("name", "email", "reason", "public", "updates", "consent"):
        assert f'name="{name}"' in page
    assert page.count("<html") == 0


def test_a_visitor_gets_the_same_fields_as_by_the_form_itself(client, panel_url):
    """Its parts are put together by hand; nothing may be missing or twice."""
    form = AskForm(compact=True)
    laid_out = BeautifulSoup(render_crispy_form(form, context={"csrf_token": "x" * 64}), "html.parser")
    page = BeautifulSoup(client.get(panel_url).content, "html.parser").select_one("form")

    def fields(soup):
        found = soup.select("input, textarea, label, .form-text")
        own = {"request_key", "stamp", "csrfmiddlewaretoken"}
        return Counter(each["name"] if each.get("name") in own else str(each) for each in found)

    assert fields(page) == fields(laid_out)
    assert page.find(id="id_stamp")["value"] != ""


def test_each_visitor_gets_a_key_of_their_own(panel_url):
    keys = {hidden_fields_of(Client().get(panel_url))["request_key"] for _ in range(3)}
    assert len(keys) == 3


def hidden_fields_of(response):
    found = BeautifulSoup(response.content, "html.parser").select("input[type=hidden]")
    return {each["name"]: each["value"] for each in found}


def test_a_member_gets_one_button_with_their_name(client_of, carol, panel_url):
    page = client_of(carol).get(panel_url).content.decode()
    assert "Sign as Carol Singer" in page
    assert "I sign this petition, and I agree" in page
    assert 'name="name"' not in page
    assert 'name="email"' not in page


def test_a_member_without_a_name_is_asked_for_it(client_of, carol, panel_url):
    User.objects.filter(pk=carol.pk).update(name="")
    assert 'name="name"' in client_of(carol).get(panel_url).content.decode()


def test_who_has_signed_can_undo_it_there(client_of, carol, member_signed, petition, panel_url):
    signature = member_signed(carol)
    client = client_of(carol)
    page = client.get(panel_url).content.decode()
    assert "You signed on" in page
    assert 'href="/signatures/mine/"' in page
    response = client.post(f"/signatures/mine/{signature.pk}/", {"action": "withdraw", "back": "petition"})
    assert response.url == petition.get_absolute_url()
    page = client.get(panel_url).content.decode()
    assert "You withdrew your signature" in page
    assert "Sign again" in page


@pytest.mark.parametrize(
    ("state", "told"),
    [(State.HELD, "held for review"), (State.REMOVED, "A moderator has removed your signature")],
)
def test_it_says_how_things_stand(carols, panel_url, state, told):
    if state == State.REMOVED:
        moderating.remove(Signature.objects.get())
    else:
        Signature.objects.update(state=state)
    page = carols.get(panel_url).content.decode()
    assert told in page
    assert "<form" not in page


def test_it_tells_nobody_about_others(client_of, carol, mallory, member_signed, panel_url):
    member_signed(carol)
    assert "You signed on" not in client_of(mallory).get(panel_url).content.decode()


def test_it_asks_little_of_a_visitor(client, panel_url, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(panel_url)


def test_it_asks_little_of_a_member(carols, panel_url, django_assert_num_queries):
    withdrawing.withdraw(signature=Signature.objects.get())
    # Session, person, petition, signature.
    with django_assert_num_queries(4):
        carols.get(panel_url)
