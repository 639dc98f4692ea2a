"""The record and the provenance are read here and written nowhere."""

import pytest
from django.db import IntegrityError, transaction

from petitions.models import Transition
from petitions.states import State
from tests.petitions.admin.conftest import imported

RECORD, SEEDS = "/admin/petitions/transition/", "/admin/petitions/seed/"


def test_it_lists_who_moved_what(bobs, make_petition):
    make_petition(State.REJECTED, title="Mend the bridge")
    page = bobs.get(RECORD).content.decode()
    for part in ("Mend the bridge", "Bob Moderator", "state-rejected", "Alice Miller"):
        assert part in page


def test_it_shows_a_move_with_its_reasons(bobs, make_petition, reason):
    move = make_petition(State.REJECTED).transitions.latest("at", "pk")
    assert reason.title in bobs.get(f"{RECORD}{move.pk}/change/").content.decode()


def test_it_names_no_person_for_imports(bobs):
    imported()
    assert "the site itself" in bobs.get(RECORD).content.decode()


@pytest.mark.parametrize("where", [RECORD, SEEDS])
def test_nobody_writes_it(ruths, make_petition, where):
    petition = imported()
    pk = petition.seed.pk if where == SEEDS else petition.transitions.get().pk
    assert ruths.get(f"{where}{pk}/change/").status_code == 200
    assert ruths.get(f"{where}add/").status_code == 403
    assert ruths.post(f"{where}{pk}/change/", {"target": "draft", "key": "x"}).status_code == 403
    assert ruths.post(f"{where}{pk}/delete/", {"post": "yes"}).status_code == 403
    ruths.post(where, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert petition.transitions.get().target == State.PUBLISHED


def test_the_database_itself_refuses(make_petition):
    move = make_petition(State.REJECTED).transitions.latest("at", "pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        Transition.objects.filter(pk=move.pk).update(internal_note="It never happened")
    with pytest.raises(IntegrityError), transaction.atomic():
        move.given.all()._raw_delete("default")


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
@pytest.mark.parametrize("where", [RECORD, SEEDS])
def test_it_is_not_for_others(client_as, role, where):
    assert client_as(role).get(where).status_code in {302, 403}


def test_it_escapes_titles_and_notes(bobs, make_petition, bob):
    bad = "<script>alert(1)</script>"
    petition = make_petition(State.SUBMITTED, title=bad)
    for page in (RECORD, f"{RECORD}{petition.transitions.get().pk}/change/"):
        assert "<script>alert" not in bobs.get(page).content.decode()


@pytest.mark.parametrize("where", [RECORD, SEEDS])
def test_it_asks_as_many_queries_for_one_as_for_eight(bobs, where, django_assert_max_num_queries):
    imported()
    bobs.get(where)
    with django_assert_max_num_queries(50) as one:
        bobs.get(where)
    for _ in range(7):
        imported()
    with django_assert_max_num_queries(len(one)):
        bobs.get(where)
