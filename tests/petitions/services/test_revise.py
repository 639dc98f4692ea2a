from dataclasses import replace

import pytest

from petitions.models import Petition, Version
from petitions.services import drafting, moderation
from petitions.services.drafting import Changed, draft_of
from petitions.states import NotAllowed, State
from tests.conftest import verdict


def fresh(petition: Petition) -> Petition:
    return Petition.objects.with_text().get(pk=petition.pk)


def revise(petition: Petition, title: str, basis: str = "") -> Petition:
    draft = replace(draft_of(fresh(petition)), title=title)
    return drafting.revise(petition=petition, draft=draft, basis=basis)


def test_a_draft_is_written_over(make_draft):
    petition = revise(make_draft(), "Light the path")
    assert Version.objects.get().title == "Light the path"
    assert petition.slug == f"light-the-path-{petition.pk}"


@pytest.mark.parametrize(
    "state", [each for each in State if each not in {State.DRAFT, State.CHANGES_REQUESTED}]
)
def test_what_was_sent_stays_as_it_is(make_petition, state):
    petition = make_petition(state)
    with pytest.raises(NotAllowed):
        revise(petition, "Light the path")
    assert fresh(petition).title == petition.title


def test_what_was_sent_back_becomes_a_new_version(alice, make_petition):
    petition = make_petition(State.CHANGES_REQUESTED)
    revise(petition, "Light the path")
    first, second = petition.versions.order_by("number")
    assert (first.number, first.title) == (1, petition.title)
    assert (second.number, second.title, second.frozen_at) == (2, "Light the path", None)
    revise(petition, "Light the whole path")
    assert petition.versions.count() == 2


def test_a_text_that_was_sent_again_is_frozen_again(alice, bob, reason, make_petition):
    petition = make_petition(State.CHANGES_REQUESTED)
    revise(petition, "Light the path")
    drafting.submit(petition=petition, starter=alice)
    petition = fresh(petition)
    assert petition.version.frozen_at
    moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    revise(petition, "Light it at last")
    assert list(petition.versions.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_it_overwrites_no_words_that_the_starter_has_not_seen(make_draft):
    petition = make_draft()
    basis = draft_of(petition).fingerprint()
    revise(petition, "In another tab", basis)
    with pytest.raises(Changed):
        revise(petition, "In this tab", basis)
    assert fresh(petition).title == "In another tab"


def test_sending_the_same_form_twice_is_no_conflict(make_draft):
    petition = make_draft()
    basis = draft_of(petition).fingerprint()
    revise(petition, "Light the path", basis)
    assert revise(petition, "Light the path", basis)
