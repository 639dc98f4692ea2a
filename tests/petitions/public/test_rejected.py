"""The page of a petition that was refused."""

import pytest

from petitions.models import Reason
from petitions.services import drafting, moderation
from petitions.states import State
from tests.conftest import verdict


@pytest.fixture
def reject(make_draft, alice, bob):
    def make(*codes):
        petition = make_draft(title="Do what is done already", body="A text to read.")
        drafting.submit(petition=petition, starter=alice)
        reasons = Reason.objects.filter(code__in=codes)
        notes = {"note_to_starter": "between us", "internal_note": "among us"}
        moderation.reject(petition=petition, verdict=verdict(petition, bob, reasons=reasons, **notes))
        petition.refresh_from_db()
        return petition

    return make


def test_it_can_be_read_with_its_reasons(client, reject):
    response = client.get(reject("already-so", "no-clear-ask").get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert "Rejected; it can’t be signed" in page
    assert "A text to read." in page
    assert '<a href="/rules/#already-so">' in page
    assert "It does not say what should be done" in page
    assert '<meta name="robots" content="noindex">' in page


def test_it_keeps_the_notes_between_starter_and_moderators(client, reject):
    page = client.get(reject("already-so").get_absolute_url()).content.decode()
    assert not any(secret in page for secret in ("between us", "among us", "Bob"))


@pytest.mark.parametrize("codes", [["private-person"], ["already-so", "insult-or-hate"]])
def test_it_is_shown_to_nobody_when_a_reason_forbids_it(readers, reject, codes):
    petition = reject(*codes)
    for reader in readers:
        assert reader.get(petition.get_absolute_url()).status_code == 404
        assert reader.get(f"/petitions/words-{petition.pk}/").status_code == 404


def test_it_moves_a_mistyped_address(client, reject):
    petition = reject("already-so")
    assert client.get(f"/petitions/x-{petition.pk}/")["Location"] == petition.get_absolute_url()


def test_it_takes_four_queries(client, reject, django_assert_num_queries):
    petition = reject("already-so", "no-clear-ask")
    with django_assert_num_queries(4):
        client.get(petition.get_absolute_url())


def test_it_is_in_no_list_and_has_no_count(client, make_petition):
    petition = make_petition(State.REJECTED)
    assert petition.title not in client.get("/petitions/").content.decode()
    assert client.get(f"{petition.get_absolute_url()}count.json").status_code == 404
