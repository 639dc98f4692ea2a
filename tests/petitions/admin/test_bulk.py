"""Many petitions decided at once: asked first, each by itself, nothing overwritten."""

from typing import Any

import pytest

from outbox.models import Message
from petitions.models import Petition, Reason
from petitions.services import in_bulk, moderation
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, imported
from tests.petitions.admin.crowd import crowd
from tests.petitions.filling import soup_of

LIST = "/admin/petitions/petition/"


def chosen(code: str, *petitions: Petition) -> dict[str, Any]:
    return {"action": code, "_selected_action": [each.pk for each in petitions]}


def seen(*petitions: Petition) -> list[str]:
    return [f"{each.pk}:{each.version_id}:{each.state}" for each in petitions]


def results(page: Any) -> list[str]:
    return [each.text for each in soup_of(page).select(".bulk-lines .state")]


@pytest.fixture
def pair(make_petition, carol):
    return make_petition(State.SUBMITTED), make_petition(State.SUBMITTED, starter=carol, title="Plant trees")


def test_it_asks_before_it_does_anything(bobs, pair, article, make_petition):
    page = bobs.post(LIST, chosen("approve", *pair, article, make_petition(title="Published already")))
    soup = soup_of(page)
    assert {each["value"] for each in soup.select("input[name=seen]")} == set(seen(*pair))
    left_out = soup.select_one("#impossible").parent.text
    assert "does not say what it asks for" in left_out
    assert "Published already" in left_out
    assert soup.select_one("input[type=submit].default")["value"] == "Approve 2 petitions"
    assert {fresh(each).state for each in pair} == {State.SUBMITTED}


def test_it_approves_each(bobs, pair):
    page = bobs.post(f"{LIST}bulk/approve/", {"seen": seen(*pair)})
    assert results(page) == ["Done", "Done"]
    assert {fresh(each).state for each in pair} == {State.PUBLISHED}
    assert Message.objects.filter(kind="petition-approved").count() == 2


def test_it_rejects_each_with_reasons_and_note(bobs, pair, reason):
    typed = {"seen": seen(*pair), "reasons": [reason.pk], "note_to_starter": "Say what you ask for."}
    assert results(bobs.post(f"{LIST}bulk/reject/", typed)) == ["Done", "Done"]
    for petition in pair:
        move = petition.transitions.get(target=State.REJECTED)
        assert ([*move.reasons.all()], move.note_to_starter) == ([reason], "Say what you ask for.")


HIDDEN = "One of your reasons hides the texts: nobody but their starters and moderators can read them."
SHOWN = "Nobody can sign them. Everybody can read them with your reasons."


@pytest.mark.parametrize(("codes", "sentence"), [
    (["no-clear-ask"], SHOWN),
    (["violence"], HIDDEN),
    (["no-clear-ask", "violence"], HIDDEN),
])  # fmt: skip
def test_it_says_before_whether_the_texts_are_hidden(bobs, pair, codes, sentence):
    reasons = [each.pk for each in Reason.objects.filter(code__in=codes)]
    typed = {"seen": seen(*pair), "reasons": reasons}
    for step in ("preview", "back"):
        page = bobs.post(f"{LIST}bulk/reject/", {**typed, "step": step}).content.decode()
        assert [each for each in (HIDDEN, SHOWN) if each in page] == [sentence]
    assert {fresh(each).state for each in pair} == {State.SUBMITTED}


@pytest.mark.parametrize(("code", "is_said"), [("reject", True), ("approve", False)])
def test_the_question_says_that_reasons_may_hide_the_texts(bobs, pair, code, is_said):
    page = bobs.post(LIST, chosen(code, *pair)).content.decode()
    assert ("unless one of these hides the text" in page) is is_said
    assert "Choose at least one reason." not in page


def test_a_rejection_without_a_reason_is_asked_again(bobs, pair):
    page = bobs.post(f"{LIST}bulk/reject/", {"seen": seen(*pair), "note_to_starter": "Keep my words"})
    assert "Choose at least one reason." in page.content.decode()
    assert "Keep my words" in page.content.decode()
    assert len(soup_of(page).select("input[name=seen]")) == 2
    assert {fresh(each).state for each in pair} == {State.SUBMITTED}


def test_what_changed_meanwhile_is_left_alone(bobs, pair, dora, reason):
    shown = seen(*pair)
    moderation.reject(petition=pair[0], verdict=verdict(pair[0], dora, reasons=[reason]))
    page = bobs.post(f"{LIST}bulk/approve/", {"seen": shown})
    assert results(page) == ["Changed meanwhile", "Done"]
    assert "Meanwhile this petition has become “Rejected”." in page.content.decode()
    assert [fresh(each).state for each in pair] == [State.REJECTED, State.PUBLISHED]


def test_doing_it_twice_does_it_once(bobs, pair):
    shown = {"seen": seen(*pair)}
    bobs.post(f"{LIST}bulk/approve/", shown)
    assert results(bobs.post(f"{LIST}bulk/approve/", shown)) == ["Changed meanwhile"] * 2
    assert pair[0].transitions.filter(target=State.PUBLISHED).count() == 1


def test_another_version_is_not_approved(bobs, pair):
    other = f"{pair[0].pk}:{pair[1].version_id}:submitted"
    assert results(bobs.post(f"{LIST}bulk/approve/", {"seen": [other]})) == ["Changed meanwhile"]
    assert fresh(pair[0]).state == State.SUBMITTED


def test_nobody_decides_on_their_own(bobs, bob, make_petition):
    own = make_petition(State.DRAFT, starter=bob)
    Petition.objects.filter(pk=own.pk).update(state=State.SUBMITTED, submitted_at="2026-01-01T00:00Z")
    page = bobs.post(LIST, chosen("approve", own))
    assert "another moderator has to decide" in page.content.decode()
    assert not soup_of(page).select("input[name=seen]")
    assert results(bobs.post(f"{LIST}bulk/approve/", {"seen": seen(fresh(own))})) == ["Refused"]


def test_what_may_not_be_approved_is_refused_by_itself(bobs, pair, article):
    page = bobs.post(f"{LIST}bulk/approve/", {"seen": seen(article, *pair)})
    assert results(page) == ["Refused", "Done", "Done"]
    assert fresh(article).state == State.SUBMITTED


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, pair, role):
    client = client_as(role)
    assert client.post(f"{LIST}bulk/approve/", {"seen": seen(*pair)}).status_code in {302, 403}
    client.post(LIST, chosen("approve", *pair))
    assert {fresh(each).state for each in pair} == {State.SUBMITTED}


@pytest.mark.parametrize("code", ["take-down", "restore", "request-changes", "delete"])
def test_there_is_nothing_else_in_bulk(bobs, pair, code):
    assert bobs.post(f"{LIST}bulk/{code}/", {"seen": seen(*pair)}).status_code == 404


@pytest.mark.parametrize("posted", ["", "x", "1:2", "1:2:submitted:3", "9" * 30 + ":1:submitted", "1:1:\x00"])
def test_it_takes_anything_that_is_posted(bobs, posted):
    assert bobs.post(f"{LIST}bulk/approve/", {"seen": [posted]}).status_code == 302


def test_it_reads_the_queue_on_a_visit(bobs):
    assert bobs.get(f"{LIST}bulk/approve/").status_code == 405


def test_drafts_are_not_decided_on(bobs, make_petition):
    draft = make_petition(State.DRAFT)
    assert bobs.post(f"{LIST}bulk/approve/", {"seen": seen(draft)}).status_code == 302


def test_so_many_are_decided_at_once(bobs):
    crowd(in_bulk.AT_ONCE + 2)
    everything = {**chosen("approve", *Petition.objects.all()[:1]), "select_across": "1"}
    page = bobs.post(f"{LIST}?state=submitted", everything)
    assert len(soup_of(page).select("input[name=seen]")) == in_bulk.AT_ONCE
    assert "so many are decided at once at most: 50" in page.content.decode()


def test_the_mail_is_shown_before(bobs, pair, reason):
    typed = {
        "seen": seen(*pair),
        "reasons": [reason.pk],
        "note_to_starter": "Mind the rules.",
        "step": "preview",
    }
    page = bobs.post(f"{LIST}bulk/reject/", typed)
    assert "Mind the rules." in page.content.decode()
    assert "1 other is decided likewise" in page.content.decode()
    assert not Message.objects.filter(kind="petition-rejected").exists()
    carried = [(each["name"], each["value"]) for each in soup_of(page).select("form input[type=hidden]")]
    posted = {name: [value for key, value in carried if key == name] for name, _ in carried}
    posted.pop("csrfmiddlewaretoken", None)
    assert results(bobs.post(f"{LIST}bulk/reject/", posted)) == ["Done", "Done"]


def test_it_goes_back_from_the_mail_with_everything(bobs, pair, reason):
    typed = {
        "seen": seen(*pair),
        "reasons": [reason.pk],
        "note_to_starter": "Mind the rules.",
        "step": "back",
    }
    soup = soup_of(bobs.post(f"{LIST}bulk/reject/", typed))
    assert soup.select_one("textarea[name=note_to_starter]").text.strip() == "Mind the rules."
    assert soup.select_one(f"input[name=reasons][value='{reason.pk}'][checked]")


def test_an_imported_one_gets_no_note(bobs, reason):
    petition = imported(state=State.SUBMITTED)
    typed = {"seen": seen(petition), "reasons": [reason.pk], "note_to_starter": "For somebody."}
    bobs.post(f"{LIST}bulk/reject/", typed)
    assert petition.transitions.get(target=State.REJECTED).note_to_starter == ""
