"""A petition is refused because it repeats another one."""

import pytest

from petitions.models import Petition, Reason
from petitions.services.moderation import DUPLICATE
from petitions.states import State
from tests.petitions.admin.conftest import fresh, url

TITLE = "Keep the river path lit until midnight"


@pytest.fixture
def other(make_petition) -> Petition:
    return make_petition(title=TITLE)


@pytest.fixture
def waiting(make_petition, other) -> Petition:
    return make_petition(State.SUBMITTED, title=TITLE)


def named(petition: Petition) -> Petition | None:
    return petition.transitions.latest("at", "pk").duplicate_of


def test_it_offers_the_similar_ones_that_are_public(bobs, make_petition, waiting, other):
    rejected = make_petition(State.REJECTED, title=TITLE)
    page = bobs.get(url("review", waiting)).content.decode()
    assert f'name="repeats" value="{other.pk}"' in page
    assert f'name="repeats" value="{rejected.pk}"' not in page


def test_choosing_one_gives_the_reason_for_it(bobs, waiting, other, form_of):
    bobs.post(url("decide", waiting), form_of(waiting, "reject", reasons=[], repeats=str(other.pk)))
    assert (fresh(waiting).state, named(waiting)) == (State.REJECTED, other)
    assert [each.code for each in waiting.transitions.latest("at", "pk").reasons.all()] == [DUPLICATE]
    assert TITLE in bobs.get(url("review", waiting)).content.decode().split("Repeats:")[1]


@pytest.mark.parametrize(
    "shape", ["{pk}", "#{pk}", " {pk} ", "{slug}", "http://localhost{url}", "{url}?utm=1#x"]
)
def test_it_takes_a_number_or_an_address(bobs, waiting, other, form_of, shape):
    typed = shape.format(pk=other.pk, slug=other.slug, url=other.get_absolute_url())
    bobs.post(url("decide", waiting), form_of(waiting, "reject", repeats_address=typed))
    assert named(waiting) == other


@pytest.mark.parametrize("typed", ["999999", "x", "-1", "9" * 40, "https://elsewhere.example/", "²"])
def test_it_wants_one_that_there_is(bobs, waiting, form_of, typed):
    page = bobs.post(
        url("decide", waiting), form_of(waiting, "reject", repeats_address=typed)
    ).content.decode()
    assert "There is no other petition in public" in page
    assert fresh(waiting).state == State.SUBMITTED


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REJECTED, State.REMOVED])
def test_it_wants_one_that_everybody_can_read(bobs, make_petition, waiting, form_of, state):
    hidden = make_petition(state, title="Another")
    bobs.post(url("decide", waiting), form_of(waiting, "reject", repeats_address=str(hidden.pk)))
    assert fresh(waiting).state == State.SUBMITTED


def test_nothing_repeats_itself(bobs, other, form_of):
    bobs.post(url("decide", other), form_of(other, "take-down", repeats_address=str(other.pk)))
    assert fresh(other).state == State.PUBLISHED


def test_a_published_one_can_be_taken_down_for_it(bobs, make_petition, other, form_of):
    petition = make_petition(title="The same again")
    bobs.post(
        url("decide", petition), form_of(petition, "take-down", reasons=[], repeats_address=str(other.pk))
    )
    assert (fresh(petition).state, named(petition)) == (State.REMOVED, other)


def test_what_is_approved_repeats_nothing(bobs, waiting, other, form_of):
    page = bobs.post(
        url("decide", waiting), form_of(waiting, "approve", repeats=str(other.pk))
    ).content.decode()
    assert "Only a petition that is refused" in page
    assert fresh(waiting).state == State.SUBMITTED


def test_without_its_reason_in_use_nothing_is_said_to_repeat_another(bobs, waiting, other):
    assert 'name="repeats_address"' in bobs.get(url("review", waiting)).content.decode()
    Reason.objects.filter(code=DUPLICATE).update(active=False)
    page = bobs.get(url("review", waiting)).content.decode()
    assert other.title in page
    assert 'name="repeats' not in page


@pytest.mark.parametrize("field", ["repeats", "repeats_address"])
def test_without_its_reason_in_use_it_says_what_to_do(bobs, waiting, other, form_of, field):
    Reason.objects.filter(code=DUPLICATE).update(active=False)
    form = form_of(waiting, "reject", internal_note="As said")
    for reasons in ([], form["reasons"]):
        answer = bobs.post(url("decide", waiting), {**form, "reasons": reasons, field: str(other.pk)})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert (
            "The reason for repeated petitions is no longer given. Take this back and choose another." in page
        )
        assert f'name="{field}" value="{other.pk}"' in page
        assert "As said" in page
    assert fresh(waiting).state == State.SUBMITTED
    bobs.post(url("decide", waiting), form)
    assert (fresh(waiting).state, named(waiting)) == (State.REJECTED, None)


def test_its_reason_keeps_its_code_and_stays(ruths, waiting, other, form_of):
    row = Reason.objects.get(code=DUPLICATE)
    page = f"/admin/petitions/reason/{row.pk}/"
    form = {"title": "New", "public_text": "New words.", "position": 5, "code": "again"}
    ruths.post(f"{page}change/", form)
    row.refresh_from_db()
    assert (row.title, row.code, row.active) == ("New", DUPLICATE, False)
    said = ruths.post(f"{page}delete/", {"post": "yes"}, follow=True).content.decode()
    assert "when a petition is said to repeat another one" in said
    assert Reason.objects.filter(pk=row.pk).exists()
    assert 'name="code"' not in ruths.get(f"{page}change/").content.decode()
    ruths.post(f"{page}change/", {**form, "active": "on"})
    ruths.post(url("decide", waiting), form_of(waiting, "reject", reasons=[], repeats=str(other.pk)))
    assert named(waiting) == other
