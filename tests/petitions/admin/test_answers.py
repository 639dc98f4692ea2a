"""Objections and edits after publication: read on a page, decided once, by somebody else."""

import pytest
from django.urls import reverse

from outbox.models import Message
from petitions.models import Edit, Objection
from petitions.services import editing, moderation, objecting
from petitions.services.drafting import Draft, draft_of
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh

WHY = "The reason does not fit: we ask <one> office for one thing."
NEW = "Keep the river path lit all night"


def address(row, verb: str) -> str:
    return reverse(f"admin:petitions_{type(row).__name__.lower()}_{verb}", args=[row.pk])


@pytest.fixture
def objection(make_petition, alice) -> Objection:
    return objecting.object_to(petition=make_petition(State.REJECTED), author=alice, text=WHY)


@pytest.fixture
def edit(make_petition, alice) -> Edit:
    petition = make_petition()
    draft = Draft(**{**vars(draft_of(petition)), "title": NEW, "body": "Call +49 30 1234567."})
    return editing.propose(petition=petition, starter=alice, draft=draft)


@pytest.fixture
def sues(sue, client_of):
    return client_of(sue)


def test_the_page_of_an_objection_shows_all_there_is_to_judge(sues, objection, reason):
    page = sues.get(address(objection, "review")).content.decode()
    for part in (
        "we ask &lt;one&gt; office",
        reason.title,
        "by Bob Moderator",
        "Night-shift workers",
        'value="uphold"',
    ):
        assert part in page


@pytest.mark.parametrize(("outcome", "state", "kind"), [
    ("uphold", State.SUBMITTED, "petition-objection-upheld"),
    ("dismiss", State.REJECTED, "petition-objection-dismissed"),
])  # fmt: skip
def test_a_senior_decides_and_the_starter_is_told(sues, objection, outcome, state, kind):
    answer = sues.post(address(objection, "decide"), {"outcome": outcome, "note": "We read it again."})
    assert answer["Location"] == address(objection, "review")
    assert fresh(objection.petition).state == state
    assert Message.objects.get(kind=kind).context["note"] == "We read it again."


def test_moderators_read_objections_but_do_not_decide_on_them(bobs, objection):
    page = bobs.get(address(objection, "review")).content.decode()
    assert "Senior moderators decide on objections." in page
    assert 'name="outcome"' not in page
    assert bobs.post(address(objection, "decide"), {"outcome": "uphold", "note": "x"}).status_code == 403
    assert fresh(objection.petition).state == State.REJECTED


def test_who_decided_first_does_not_decide_again(sues, sue, make_petition, alice, reason):
    petition = make_petition(State.SUBMITTED)
    moderation.reject(petition=petition, verdict=verdict(petition, sue, reasons=[reason]))
    objection = objecting.object_to(petition=petition, author=alice, text=WHY)
    assert "You took the decision" in sues.get(address(objection, "review")).content.decode()
    assert sues.post(address(objection, "decide"), {"outcome": "uphold"}).status_code == 403


@pytest.mark.parametrize("kind", ["objection", "edit"])
@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_they_are_not_for_others(client_as, request, kind, role):
    row = request.getfixturevalue(kind)
    client = client_as(role)
    for answer in (
        client.get(address(row, "review")),
        client.post(address(row, "decide"), {"outcome": "accept"}),
    ):
        assert answer.status_code in {302, 403}
        assert b"Night-shift" not in answer.content
    row.refresh_from_db()
    assert row.decided_at is None


def test_the_page_of_an_edit_hints_at_whom_it_is_addressed_to(bobs, alice, make_petition):
    petition = make_petition()
    draft = Draft(**{**vars(draft_of(petition)), "decision_maker": "mayor@example.org"})
    edit = editing.propose(petition=petition, starter=alice, draft=draft)
    assert "<mark>mayor@example.org</mark>" in bobs.get(address(edit, "review")).content.decode()


def test_the_page_of_an_edit_compares_and_hints(bobs, edit):
    page = bobs.get(address(edit, "review")).content.decode()
    for part in ("From version 1 to version 2", "</del><ins", "A telephone number", "0 people have signed"):
        assert part in page


@pytest.mark.parametrize(
    ("outcome", "title"), [("accept", NEW), ("decline", "Keep the river path lit until midnight")]
)
def test_a_moderator_decides_on_an_edit(bobs, edit, outcome, title):
    bobs.post(address(edit, "decide"), {"outcome": outcome, "note": "Thank you."})
    assert fresh(edit.petition).title == title
    assert Message.objects.filter(kind__startswith="petition-edit-").count() == 1
    assert "by Bob Moderator" in bobs.get(address(edit, "review")).content.decode()


@pytest.mark.parametrize(("kind", "outcome"), [("objection", "dismiss"), ("edit", "decline")])
def test_a_refusal_has_to_say_why(ruths, request, kind, outcome):
    row = request.getfixturevalue(kind)
    page = ruths.post(address(row, "decide"), {"outcome": outcome, "note": " "}).content.decode()
    assert "Tell the starter why." in page
    row.refresh_from_db()
    assert row.decided_at is None


@pytest.mark.parametrize(("kind", "outcome"), [("objection", "dismiss"), ("edit", "accept")])
def test_the_mail_is_shown_first(ruths, request, kind, outcome):
    row = request.getfixturevalue(kind)
    before = Message.objects.count()
    form = {"outcome": outcome, "note": "We read it <again>.", "step": "preview"}
    page = ruths.post(address(row, "decide"), form).content.decode()
    assert "We read it &lt;again&gt;." in page
    row.refresh_from_db()
    assert (row.decided_at, Message.objects.count()) == (None, before)
    back = ruths.post(address(row, "decide"), {**form, "step": "back"}).content.decode()
    assert "We read it &lt;again&gt;.</textarea>" in back


@pytest.mark.parametrize(("kind", "outcome"), [("objection", "uphold"), ("edit", "accept")])
def test_the_second_of_two_is_told_what_the_first_did(ruths, sue, request, kind, outcome):
    row = request.getfixturevalue(kind)
    if kind == "objection":
        objecting.dismiss(objection=row, senior=sue, note="It stands.")
    else:
        editing.decline(edit=row, moderator=sue, note="It stays.")
    answer = ruths.post(address(row, "decide"), {"outcome": outcome, "note": "I had thought about it"})
    assert answer.status_code == 409
    for part in ("nothing was overwritten", "by Sue Senior", "I had thought about it"):
        assert part in answer.content.decode()


def test_an_outdated_edit_can_be_declined_only(bobs, bob, edit, reason):
    petition = fresh(edit.petition)
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    page = bobs.get(address(edit, "review")).content.decode()
    assert "so its wording stays" in page
    assert 'value="accept"' not in page


@pytest.mark.parametrize("kind", ["objection", "edit"])
def test_the_lists_lead_to_the_pages(ruths, request, kind, django_assert_max_num_queries):
    row = request.getfixturevalue(kind)
    with django_assert_max_num_queries(8):
        page = ruths.get(reverse(f"admin:petitions_{kind}_changelist"), {"waits": "yes"}).content.decode()
    assert address(row, "review") in page
    assert ruths.get(f"/admin/petitions/{kind}/{row.pk}/change/")["Location"] == address(row, "review")
    assert ruths.post(f"/admin/petitions/{kind}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert address(row, "review") not in ruths.get(f"/admin/petitions/{kind}/?waits=no").content.decode()


@pytest.mark.parametrize(("kind", "most"), [("objection", 8), ("edit", 8)])
def test_the_pages_ask_few_queries(ruths, request, kind, most, django_assert_max_num_queries):
    row = request.getfixturevalue(kind)
    ruths.get(address(row, "review"))
    with django_assert_max_num_queries(most):
        ruths.get(address(row, "review"))
