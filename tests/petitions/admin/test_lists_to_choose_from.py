"""Reasons, topics and decision makers: what is used stays."""

import pytest

from petitions.models import DecisionMaker, Reason, Topic
from petitions.services.correcting import correct
from petitions.states import State

REASONS, MAKERS = "/admin/petitions/reason/", "/admin/petitions/decisionmaker/"
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
    row, other = used["reason"], Reason.objects.get(code="not-serious")
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


@pytest.mark.parametrize("hides", [True, False])
def test_what_was_refused_stays_as_hidden_as_it_was(ruths, client, make_petition, reason, hides):
    Reason.objects.filter(pk=reason.pk).update(hides=hides)
    petition = make_petition(State.REJECTED)
    form = {"title": "New", "public_text": "New words.", "position": 5, "code": reason.code, "active": "on"}
    ruths.post(f"{REASONS}{reason.pk}/change/", form if hides else {**form, "hides": "on"})
    reason.refresh_from_db()
    assert (reason.title, reason.hides) == ("New", hides)
    assert client.get(petition.get_absolute_url()).status_code == (404 if hides else 200)
    page = ruths.get(f"{REASONS}{reason.pk}/change/").content.decode()
    assert "Retire it and make a new one" in page
    assert 'name="hides"' not in page


def test_what_an_unused_reason_hides_can_be_changed(ruths):
    row = Reason.objects.get(code="not-serious")
    form = {"title": "New", "public_text": "New words.", "position": 5, "code": row.code, "hides": "on"}
    ruths.post(f"{REASONS}{row.pk}/change/", form)
    row.refresh_from_db()
    assert row.hides


def test_a_used_reason_can_be_retired(ruths, used):
    ruths.post(
        f"{REASONS}{used['reason'].pk}/change/", {"title": "Old", "public_text": "Old words.", "position": 5}
    )
    assert used["reason"] not in Reason.objects.in_use()


@pytest.mark.parametrize("page", PAGES)
def test_moderators_read_them_only(bobs, used, page):
    row = used[page]
    assert bobs.get(f"/admin/petitions/{page}/").status_code == 200
    assert (
        bobs.post(f"/admin/petitions/{page}/{row.pk}/change/", {"title": "x", "name": "x"}).status_code == 403
    )
    assert bobs.get(f"/admin/petitions/{page}/add/").status_code == 403
    assert bobs.post(f"/admin/petitions/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_senior_moderators_rename_no_decision_maker(sue, client_of, used):
    row, sues = used["decisionmaker"], client_of(sue)
    form = {"name": "Department of Parks", "listed": "on"}
    assert sues.post(f"{MAKERS}{row.pk}/change/", form).status_code == 403
    assert sues.get(f"{MAKERS}add/").status_code == 403
    row.refresh_from_db()
    assert row.name == "Parks Department"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED, State.REMOVED])
def test_nobody_renames_whom_a_text_that_was_read_is_addressed_to(ruths, make_petition, state):
    row = make_petition(state).version.decision_maker
    page = ruths.get(f"{MAKERS}{row.pk}/change/").content.decode()
    assert "choose it under “Correct”" in page
    assert 'name="name"' not in page
    ruths.post(f"{MAKERS}{row.pk}/change/", {"name": "Department of Parks"})
    row.refresh_from_db()
    assert (row.name, row.listed) == ("Parks Department", False)


def test_whom_an_earlier_version_is_addressed_to_keeps_its_name(ruths, admin_person, make_petition):
    petition = make_petition()
    row, other = petition.version.decision_maker, DecisionMaker.objects.create(name="City Hall")
    correct(petition=petition, administrator=admin_person, correction={"decision_maker": other})
    ruths.post(f"{MAKERS}{row.pk}/change/", {"name": "Department of Parks"})
    row.refresh_from_db()
    assert row.name == "Parks Department"


def test_whom_drafts_alone_are_addressed_to_can_be_renamed(ruths, make_petition):
    row = make_petition(State.DRAFT).version.decision_maker
    ruths.post(f"{MAKERS}{row.pk}/change/", {"name": "Department of Parks"})
    row.refresh_from_db()
    assert row.name == "Department of Parks"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_they_are_not_for_others(client_as, page, role):
    assert client_as(role).get(f"/admin/petitions/{page}/").status_code in {302, 403}
