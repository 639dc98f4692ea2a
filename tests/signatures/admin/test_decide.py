"""Deciding on one signature: who may, what it does to the count, and what stays in the record."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import User
from petitions.models import Petition, Tally
from petitions.states import NotAllowed
from signatures.models import Kind, Signature, State
from signatures.rollup import roll_up
from signatures.services import hiding, removing
from tests.signatures.admin.conftest import FITS, LIST, count_of, decide, detail, facts, fitting, yes

CODES = sorted(FITS)
RESULTS = {
    "release": (State.CONFIRMED, False),
    "remove": (State.REMOVED, False),
    "undo-removal": (State.CONFIRMED, False),
    "hide-reason": (State.CONFIRMED, True),
    "show-reason": (State.CONFIRMED, False),
}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("role", ["senior", "administrator"])
def test_it_is_done_by_those_who_may(client_as, signature_of, role, code):
    signature = fitting(code, signature_of)
    answer = client_as(role).post(decide(signature, code), yes())
    assert (answer.status_code, answer["Location"]) == (302, detail(signature))
    assert facts(signature) == RESULTS[code]


@pytest.mark.parametrize("code", CODES)
def test_a_moderator_releases_and_hides_and_leaves_removals_to_seniors(bobs, signature_of, code):
    signature = fitting(code, signature_of)
    before, senior = facts(signature), code in {"remove", "undo-removal"}
    assert bobs.post(decide(signature, code), yes()).status_code == (403 if senior else 302)
    assert facts(signature) == (before if senior else RESULTS[code])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("member", 302), ("staff", 403)])
def test_it_is_refused_to_others(client_as, signature_of, role, status, code):
    signature = fitting(code, signature_of)
    before = facts(signature)
    answer = client_as(role).post(decide(signature, code), yes())
    assert answer.status_code == status or (role == "member" and answer.status_code == 403)
    assert facts(signature) == before
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("code", CODES)
def test_seeing_alone_is_not_enough(sam, client_of, signature_of, permission, code):
    sam.user_permissions.add(permission("view_signature"))
    signature = fitting(code, signature_of)
    before = facts(signature)
    client = client_of(User.objects.get(pk=sam.pk))
    assert client.post(decide(signature, code), yes()).status_code == 403
    assert b'class="default"' not in (page := client.get(detail(signature))).content
    assert page.status_code == 200
    assert b"/decide/" not in page.content
    assert facts(signature) == before


@pytest.mark.parametrize("code", CODES)
def test_reading_changes_nothing(sues, signature_of, code):
    signature = fitting(code, signature_of)
    before = facts(signature)
    assert sues.get(decide(signature, code), yes()).status_code == 405
    assert sues.get(detail(signature), yes()).status_code == 200
    assert facts(signature) == before


@pytest.mark.parametrize("code", CODES)
def test_it_asks_first(sues, signature_of, code):
    signature = fitting(code, signature_of)
    before = facts(signature)
    page = sues.post(decide(signature, code))
    assert page.status_code == 200
    assert b'name="confirmed" value="yes"' in page.content
    assert facts(signature) == before


@pytest.mark.parametrize("code", ["remove", "hide-reason"])
def test_it_asks_why(sues, signature_of, code):
    signature = fitting(code, signature_of)
    before = facts(signature)
    page = sues.post(decide(signature, code), yes(why=" \x00 "))
    assert b"Please correct this first" in page.content
    assert facts(signature) == before


def test_each_step_moves_the_count_by_one(sues, petition, signature_of):
    signature_of("Dan Other")
    signature = signature_of(state=State.HELD)
    for code, count in [("release", 2), ("remove", 1), ("undo-removal", 2)]:
        for _twice in range(2):
            sues.post(decide(signature, code), yes())
            assert count_of(petition) == count
        roll_up()
        assert Tally.objects.get(petition=petition).signatures == count
        assert count_of(petition) == count


def test_a_removed_held_one_goes_back_to_be_held(sues, petition, signature_of):
    signature = signature_of(state=State.HELD)
    sues.post(decide(signature, "remove"), yes())
    sues.post(decide(signature, "undo-removal"), yes())
    assert (facts(signature)[0], count_of(petition)) == (State.HELD, 0)


@pytest.mark.parametrize("code", CODES)
def test_hiding_leaves_the_count_alone(sues, petition, signature_of, code):
    signature = fitting(code, signature_of)
    before = count_of(petition)
    sues.post(decide(signature, code), yes())
    assert (count_of(petition) == before) is code.endswith("reason")


def test_it_says_what_no_longer_fits(sues, signature_of):
    signature = signature_of(state=State.WITHDRAWN)
    page = sues.post(decide(signature, "remove"), yes(), follow=True)
    assert "Left alone, as it no longer fits there: 1." in page.content.decode()
    assert facts(signature)[0] == State.WITHDRAWN
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("code", CODES)
def test_it_records_who_and_why(sues, sue, signature_of, code):
    signature = fitting(code, signature_of)
    sues.post(decide(signature, code), yes(why="<b>Spam</b> & more"))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (sue, str(signature.pk))
    page = sues.get(detail(signature)).content.decode()
    assert "by Sue Senior" in page
    assert "&lt;b&gt;Spam&lt;/b&gt; &amp; more" in page


def test_a_failing_record_undoes_the_removal(sues, signature_of, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    signature = signature_of()
    monkeypatch.setattr("signatures.admin.signatures.SignatureAdmin.log_change", fail)
    with pytest.raises(RuntimeError):
        sues.post(decide(signature, "remove"), yes())
    assert facts(signature)[0] == State.CONFIRMED


def test_it_knows_no_other_decision(sues, signature_of):
    signature = signature_of()
    assert sues.post(decide(signature, "delete-all"), yes()).status_code == 404
    assert sues.post(f"/admin/signatures/signature/{2**62}/decide/remove/", yes()).status_code == 404
    assert Signature.objects.get(pk=signature.pk).state == State.CONFIRMED


def started_by(person: User, petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(starter=person)


@pytest.mark.parametrize("code", CODES)
def test_nobody_decides_on_signatures_of_their_own_petition(sue, sues, client_as, signature_of, code):
    signature = fitting(code, signature_of)
    started_by(sue, signature.petition)
    before = facts(signature)
    page = sues.get(detail(signature)).content.decode()
    assert "You started this petition; another moderator has to decide on its signatures." in page
    assert "/decide/" not in page
    assert "Remove many" not in page
    answered = sues.post(decide(signature, code), yes(), follow=True).content.decode()
    assert "Left alone, as you started their petition and another moderator has to decide: 1." in answered
    assert (facts(signature), LogEntry.objects.count()) == (before, 0)
    client_as("administrator").post(decide(signature, code), yes())
    assert facts(signature) == RESULTS[code]


@pytest.mark.parametrize(
    "service", [removing.release, removing.undo_removal, hiding.hide_reason, hiding.show_reason]
)
def test_the_services_refuse_who_started_the_petition(sue, petition, signature_of, service):
    started_by(sue, petition)
    signature = signature_of(state=State.HELD, reason="Mine.")
    with pytest.raises(NotAllowed, match="another moderator has to decide on its signatures"):
        service(signature=signature, by=sue)


def test_no_removal_has_one_signature_of_the_removers_own_petition(
    sue, petition, make_petition, signature_of
):
    started_by(sue, petition)
    mine, other = signature_of("Ann"), signature_of("Ben", petition=make_petition(title="Another"))
    with pytest.raises(NotAllowed, match="another moderator has to decide"):
        removing.remove(signatures=[other, mine], kind=Kind.OTHER, note="Both.", by=sue)
    assert (facts(mine)[0], facts(other)[0]) == (State.CONFIRMED, State.CONFIRMED)


def test_from_the_list_those_of_ones_own_petition_are_left_alone(sue, sues, make_petition, signature_of):
    mine = signature_of("Ann", state=State.HELD)
    other = signature_of("Ben", state=State.HELD, petition=make_petition(title="Another"))
    started_by(sue, mine.petition)
    chosen = {"action": "release", "_selected_action": [mine.pk, other.pk]}
    page = sues.post(LIST, chosen).content.decode()
    assert "another moderator has to decide: 1." in page
    assert f'name="_selected_action" value="{other.pk}"' in page
    assert f'name="_selected_action" value="{mine.pk}"' not in page
    sues.post(LIST, {**chosen, **yes()})
    assert (facts(mine)[0], facts(other)[0]) == (State.HELD, State.CONFIRMED)
    answered = sues.post(LIST, {**chosen, "_selected_action": [mine.pk], **yes()}, follow=True)
    assert "another moderator has to decide: 1." in answered.content.decode()
    assert facts(mine)[0] == State.HELD
