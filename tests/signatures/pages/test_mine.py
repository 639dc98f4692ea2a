"""My signatures."""

import pytest

from accounts.models import User
from petitions import counting
from petitions.states import State as PetitionState
from signatures.models import Signature, State
from signatures.services import withdrawing
from tests.signatures import moderating
from tests.signatures.pages.conftest import close_ago


def test_who_is_signed_out_signs_in_first(client, db):
    for url in ("/signatures/mine/", "/signatures/mine/1/"):
        assert client.get(url).url.startswith("/accounts/login/?next=/signatures/mine/")
    assert client.post("/signatures/mine/1/", {"action": "withdraw"}).status_code == 302


def test_an_empty_list_shows_a_way_on(client_of, carol):
    page = client_of(carol).get("/signatures/mine/").content.decode()
    assert "You have not signed anything yet." in page
    assert 'href="/petitions/"' in page


def test_it_lists_title_date_state_and_count(client_of, carol, member_signed, petition):
    member_signed(carol, public=True)
    page = client_of(carol).get("/signatures/mine/").content.decode()
    assert petition.title in page
    assert "Shown" in page
    assert "Off" in page
    assert 'aria-current="page">My signatures' in page


def test_it_says_what_is_withdrawn_held_or_taken_down(client_of, carol, member_signed, make_petition):
    for state, title in (("withdrawn", "One"), ("held", "Two"), ("confirmed", "Three taken down")):
        signature = member_signed(carol, on=make_petition(title=title))
        Signature.objects.filter(pk=signature.pk).update(state=state)
    signature.petition.__class__.objects.filter(pk=signature.petition_id).update(state=PetitionState.REMOVED)
    page = client_of(carol).get("/signatures/mine/").content.decode()
    assert "Withdrawn" in page
    assert "Held for review" in page
    assert "A petition that was taken down" in page


def test_a_signature_is_changed(client_of, carol, member_signed):
    signature, client = member_signed(carol), client_of(carol)
    url = f"/signatures/mine/{signature.pk}/"
    assert "Signed as <bdi>Carol Singer</bdi>." in client.get(url).content.decode()
    response = client.post(
        url, {"action": "keep", "reason": "Because.", "public": "on", "updates": "on"}, follow=True
    )
    assert "Your choices are kept." in response.content.decode()
    signature.refresh_from_db()
    assert (signature.reason, signature.public, signature.updates) == ("Because.", True, True)


def test_a_reason_that_is_too_long_is_not_lost(client_of, carol, member_signed):
    url = f"/signatures/mine/{member_signed(carol).pk}/"
    response = client_of(carol).post(url, {"action": "keep", "reason": "r" * 501})
    assert response.status_code == 422
    assert "r" * 501 in response.content.decode()


def test_a_hidden_reason_says_so_and_stays_hidden(client_of, carol, member_signed, petition, client):
    signature, mine = member_signed(carol, reason="Rude."), client_of(carol)
    moderating.hide_reason(signature=signature)
    url = f"/signatures/mine/{signature.pk}/"
    assert "A moderator has hidden your reason" in mine.get(url).content.decode()
    mine.post(url, {"action": "keep", "reason": "Ruder."})
    assert "Ruder." not in client.get(petition.get_absolute_url()).content.decode()


def test_it_is_withdrawn_and_given_again(client_of, carol, member_signed, petition):
    signature, client = member_signed(carol), client_of(carol)
    page = client.post(
        f"/signatures/mine/{signature.pk}/", {"action": "withdraw"}, follow=True
    ).content.decode()
    assert "Your signature is withdrawn." in page
    assert "Sign again" in page
    assert counting.progress_of(petition.slug).signatures == 0
    client.post(f"{petition.get_absolute_url()}sign/")
    assert counting.progress_of(petition.slug).signatures == 1


def test_after_the_end_it_can_not_be_given_again(client_of, carol, member_signed, petition):
    signature, client = member_signed(carol), client_of(carol)
    withdrawing.withdraw(signature=signature)
    close_ago(petition, hours=1)
    assert "Sign again" not in client.get("/signatures/mine/").content.decode()
    assert "Sign again" not in client.get(f"/signatures/mine/{signature.pk}/").content.decode()


@pytest.mark.parametrize("action", ["keep", "withdraw"])
def test_mallory_finds_nothing_of_carols(client_of, carol, mallory, member_signed, action):
    signature, client = member_signed(carol), client_of(mallory)
    url = f"/signatures/mine/{signature.pk}/"
    assert client.get(url).status_code == 404
    assert client.post(url, {"action": action, "updates": "on"}).status_code == 404
    signature.refresh_from_db()
    assert (signature.state, signature.updates) == (State.CONFIRMED, False)


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    client_of, carol, member_signed, make_petition, django_assert_num_queries
):
    client = client_of(carol)
    for number in range(3):
        member_signed(carol, on=make_petition(title=f"Tree {number}", starter=User.objects.get(pk=carol.pk)))
    # Session, person, how many, the rows.
    with django_assert_num_queries(4):
        client.get("/signatures/mine/")
