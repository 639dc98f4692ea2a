"""Reasons, topics and decision makers: what is used stays."""

import pytest

from petitions.models import DecisionMaker, Reason, Topic
from petitions.states import State

REASONS = "/admin/petitions/reason/"
PAGES = ["reason", "topic", "decisionmaker"]


@pytest.fixture
def used(make_petition, reason) -> dict[str, Reason | Topic | DecisionMaker]:
    petition = make_petition(State.REJECTED)
    return {"reason": reason, "topic": petition.topic, "decisionmaker": petition.version.decision_maker}


@pytest.mark.parametrize("page", PAGES)
def test_a_used_one_stays_and_the_page_says_why(ruths, used, page):
    row = used[page]
    for send in (ruths.get, lambda address, **more: ruths.post(address, {"post": "yes"}, **more)):
        answer = send(f"/admin/petitions/{page}/{row.pk}/delete/", follow=True)
        assert f"/admin/petitions/{page}/{row.pk}/change/" in answer.redirect_chain[0][0]
        assert "stays" in answer.content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("page", PAGES)
def test_an_unused_one_can_go(ruths, page):
    DecisionMaker.objects.create(name="Nobody asks them")
    model = {"reason": Reason, "topic": Topic, "decisionmaker": DecisionMaker}[page]
    row = model.objects.last()
    ruths.post(f"/admin/petitions/{page}/{row.pk}/delete/", {"post": "yes"})
    assert not model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("page", PAGES)
def test_there_is_no_deleting_in_bulk(ruths, used, page):
    form = {"action": "delete_selected", "_selected_action": [used[page].pk], "post": "yes"}
    ruths.post(f"/admin/petitions/{page}/", form)
    assert type(used[page]).objects.filter(pk=used[page].pk).exists()


def test_a_code_is_fixed_once_a_decision_names_it(ruths, used):
    row, other = used["reason"], Reason.objects.get(code="duplicate")
    for each in (row, other):
        form = {
            "title": "New",
            "public_text": "New words.",
            "position": 5,
            "code": f"new-{each.pk}",
            "active": "on",
        }
        ruths.post(f"{REASONS}{each.pk}/change/", form)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.code, row.title) == ("no-clear-ask", "New")
    assert other.code == f"new-{other.pk}"


def test_a_used_reason_can_be_retired(ruths, used):
    ruths.post(
        f"{REASONS}{used['reason'].pk}/change/", {"title": "Old", "public_text": "Old words.", "position": 5}
    )
    assert used["reason"] not in Reason.objects.in_use()


@pytest.mark.parametrize("page", ["reason", "topic"])
def test_moderators_read_them_only(bobs, used, page):
    row = used[page]
    assert bobs.get(f"/admin/petitions/{page}/").status_code == 200
    assert (
        bobs.post(f"/admin/petitions/{page}/{row.pk}/change/", {"title": "x", "name": "x"}).status_code == 403
    )
    assert bobs.get(f"/admin/petitions/{page}/add/").status_code == 403
    assert bobs.post(f"/admin/petitions/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_moderators_tidy_decision_makers(bobs, used):
    row = used["decisionmaker"]
    bobs.post(
        f"/admin/petitions/decisionmaker/{row.pk}/change/", {"name": "Department of Parks", "listed": "on"}
    )
    row.refresh_from_db()
    assert (row.name, row.listed) == ("Department of Parks", True)
    assert bobs.post(f"/admin/petitions/decisionmaker/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_they_are_not_for_others(client_as, page, role):
    assert client_as(role).get(f"/admin/petitions/{page}/").status_code in {302, 403}
