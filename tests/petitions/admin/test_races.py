"""Two moderators at once: one decision counts, the other is told."""

from functools import partial
from threading import Event
from typing import Any

from django.db import connection, transaction
from django.test import Client

from outbox.models import Message
from petitions.models import DecisionMaker, Petition
from petitions.services import correcting, moderation
from petitions.services.moves import locked
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, imported, url
from tests.petitions.racing import at_once, committed

pytestmark = committed


def test_one_of_two_racing_decisions_counts(bob, dora, client_of, make_petition, form_of):
    petition = make_petition(State.SUBMITTED)
    approval = partial(_post, petition, client_of(bob), form_of(petition, "approve"))
    refusal = partial(_post, petition, client_of(dora), form_of(petition, "reject"))
    answers = at_once(approval, refusal)
    assert sorted(answers) == [302, 409]
    assert petition.transitions.exclude(target=State.SUBMITTED).count() == 1
    assert Message.objects.filter(kind__in=["petition-approved", "petition-rejected"]).count() == 1


def test_a_double_click_decides_once(bob, client_of, make_petition, form_of):
    petition = make_petition(State.PUBLISHED)
    click = partial(_post, petition, client_of(bob), form_of(petition, "take-down"))
    answers = at_once(click, click)
    assert sorted(answers) == [302, 409]
    assert Message.objects.filter(kind="petition-removed").count() == 1


def test_who_waited_for_the_lock_decides_on_what_is_there_then(bob, make_petition):
    petition = make_petition(State.SUBMITTED)
    is_locked, waits = Event(), Event()

    def approve() -> None:
        is_locked.wait(5)
        waits.set()
        moderation.approve(petition=petition, verdict=verdict(petition, bob))

    def hold() -> None:
        with transaction.atomic():
            locked(petition)
            is_locked.set()
            waits.wait(5)
            _until_somebody_waits_for_a_lock()
            Petition.objects.filter(pk=petition.pk).update(state=State.REJECTED)

    refusal = at_once(approve, hold)[0]
    assert isinstance(refusal, moderation.Stale)
    assert "“Rejected”" in str(refusal)


def test_who_waited_for_a_correction_reads_the_new_text_first(bob, admin_person, make_petition, reason):
    petition = make_petition(State.PUBLISHED)
    other = DecisionMaker.objects.create(name="The water board")
    is_locked, waits = Event(), Event()

    def take_down() -> None:
        is_locked.wait(5)
        waits.set()
        moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))

    def correct() -> None:
        with transaction.atomic():
            correcting.correct(
                petition=petition, administrator=admin_person, correction={"decision_maker": other}
            )
            is_locked.set()
            waits.wait(5)
            _until_somebody_waits_for_a_lock()

    assert isinstance(at_once(take_down, correct)[0], moderation.Stale)
    assert (fresh(petition).state, fresh(petition).decision_maker_name) == (
        State.PUBLISHED,
        "The water board",
    )


def test_an_article_goes_to_one_of_two_members(admin_person, alice, carol, client_of, reason):
    petition = imported(state=State.SUBMITTED, needs_ask=True)
    shown = {"version": petition.version_id, "state": petition.state, "reasons": [reason.pk]}
    forms = [{**shown, "address": each.email} for each in (alice, carol)]
    answers = at_once(
        *(partial(_post, petition, client_of(admin_person), form, "hand-over") for form in forms)
    )
    assert answers.count(302) == 1
    assert fresh(petition).starter in {alice, carol}
    assert Message.objects.filter(kind="petition-changes-requested").count() == 1


def _post(petition: Petition, client: Client, form: dict[str, Any], verb: str = "decide") -> int:
    return client.post(url(verb, petition), form).status_code


def _until_somebody_waits_for_a_lock() -> None:
    """Return once another session of this database waits for a row that we hold."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT pg_sleep(0.02)")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
