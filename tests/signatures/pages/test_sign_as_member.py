"""A member signs with one click."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from petitions import counting
from petitions.states import State as PetitionState
from signatures.models import Consent, Signature, State
from signatures.services import withdrawing
from tests.conftest import person
from tests.signatures import moderating
from tests.signatures.pages.conftest import close_ago


def test_one_click_is_enough(client_of, carol, petition, sign_url):
    response = client_of(carol).post(sign_url, follow=True)
    page = response.content.decode()
    assert "Thank you, <bdi>Carol Singer</bdi>." in page
    assert "<strong>1</strong> has signed. Let’s get to 100!" in page
    signature = Signature.objects.get()
    assert (signature.state, signature.user, signature.name) == (State.CONFIRMED, carol, "Carol Singer")
    assert not signature.public
    assert not signature.updates
    assert signature.consent.text.startswith("I sign this petition")


def test_the_button_says_what_it_agrees_to(client_of, carol, sign_url):
    page = client_of(carol).get(sign_url).content.decode()
    assert "I sign this petition, and I agree" in page
    assert 'aria-describedby="agreed"' in page
    assert 'name="email"' not in page
    assert 'name="consent"' not in page
    assert 'value="Carol Singer"' in page


def test_a_double_click_counts_once(client_of, carol, petition, sign_url):
    client = client_of(carol)
    for _click in range(2):
        assert "Thank you" in client.post(sign_url, follow=True).content.decode()
    assert counting.progress_of(petition.slug).signatures == 1


def test_it_asks_for_a_name_where_there_is_none_and_keeps_it(client_of, carol, sign_url):
    User.objects.filter(pk=carol.pk).update(name="")
    client = client_of(carol)
    refused = client.post(sign_url, {"reason": "I walk there."})
    assert refused.status_code == 422
    assert "I walk there." in refused.content.decode()
    assert not Signature.objects.exists()
    client.post(sign_url, {"name": "Carol of the bells"})
    carol.refresh_from_db()
    assert carol.name == Signature.objects.get().name == "Carol of the bells"


def test_a_name_for_this_petition_leaves_the_account_alone(client_of, carol, sign_url):
    client_of(carol).post(sign_url, {"name": "C. Singer"})
    carol.refresh_from_db()
    assert (carol.name, Signature.objects.get().name) == ("Carol Singer", "C. Singer")


def test_it_counts_the_request_that_waits_in_the_same_mailbox(client_of, carol, ask, sign_url):
    waiting = ask("carol@example.org", name="Somebody")
    client_of(carol).post(sign_url)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.user, waiting.name) == (State.CONFIRMED, carol, "Carol Singer")


def test_it_signs_again_after_withdrawing_with_what_was_chosen(client_of, carol, member_signed, sign_url):
    signature = member_signed(carol, reason="I walk there.", public=True)
    withdrawing.withdraw(signature=signature)
    client = client_of(carol)
    page = client.get(sign_url).content.decode()
    assert "You withdrew your signature" in page
    assert "I walk there.</textarea>" in page
    assert "Thank you" in client.post(sign_url, {"public": "on"}, follow=True).content.decode()
    signature.refresh_from_db()
    assert signature.state == State.CONFIRMED


def test_who_has_signed_sees_it_on_the_form(client_of, carol, member_signed, sign_url):
    member_signed(carol)
    page = client_of(carol).get(sign_url).content.decode()
    assert "You signed on" in page
    assert 'name="reason"' not in page


def test_a_removed_signature_does_not_come_back(client_of, carol, member_signed, petition, sign_url):
    moderating.remove(signature=member_signed(carol))
    page = client_of(carol).post(sign_url, follow=True).content.decode()
    assert "A moderator has removed this signature." in page
    assert counting.progress_of(petition.slug).signatures == 0


def executed(queries):
    return [each["sql"].partition("(")[0].strip() for each in queries]


def test_a_click_takes_three_statements(client_of, carol, member_signed, mallory, sign_url):
    member_signed(mallory)
    client = client_of(carol)
    with CaptureQueriesContext(connection) as asked:
        assert client.post(sign_url, {"updates": "on"}).status_code == 302
    assert executed(asked) == ["EXECUTE session", "EXECUTE person", "EXECUTE sign"]


def test_who_has_signed_is_thanked_again_after_the_end(client_of, carol, member_signed, petition, sign_url):
    member_signed(carol)
    close_ago(petition, seconds=1)
    assert "Thank you" in client_of(carol).post(sign_url, follow=True).content.decode()


def test_the_mailbox_of_another_account_leads_to_the_petition(client_of, member_signed, petition, sign_url):
    member_signed(person("carol@gmail.com", "Carol"))
    response = client_of(person("ca.rol@googlemail.com", "Carol")).post(sign_url)
    assert (response.status_code, response.url) == (302, petition.get_absolute_url())


def test_the_first_who_signs_writes_the_wording_down(client_of, carol, sign_url):
    assert not Consent.objects.exists()
    client_of(carol).post(sign_url)
    assert Signature.objects.get().consent == Consent.objects.get()


def test_a_closed_petition_is_not_signed(client_of, carol, petition, sign_url):
    client = client_of(carol)
    close_ago(petition, seconds=1)
    assert client.post(sign_url).status_code == 409
    assert not Signature.objects.exists()


def test_it_needs_the_token_against_forgery(carol, sign_url):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(carol, backend="accounts.backend.Backend")
    assert careful.post(sign_url).status_code == 403


def test_the_starter_may_sign_too(client_of, alice, sign_url):
    assert "Thank you" in client_of(alice).post(sign_url, follow=True).content.decode()


@pytest.mark.parametrize("state", [PetitionState.CLOSED, PetitionState.VICTORY])
def test_the_panel_of_an_ended_petition_has_no_form(client_of, carol, make_petition, state):
    page = client_of(carol).get(f"{make_petition(state).get_absolute_url()}panel/").content.decode()
    assert "<form" not in page
