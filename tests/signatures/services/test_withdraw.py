"""Taking a signature back, disowning a request, forgetting what nobody confirmed."""

from datetime import timedelta

import pytest
from django.db.models import F

from petitions.services import closing
from signatures.models import AskedMail, Signature, State
from signatures.querysets import UNCONFIRMED_FOR
from signatures.services import purging, withdrawing
from tests.signatures import moderating
from tests.signatures.counts import age, deltas, only, shown

DORA = "dora@example.org"


def test_it_no_longer_counts(petition, carol, sign):
    sign(carol)
    assert withdrawing.withdraw(signature=only(petition)) is True
    signature = only(petition)
    assert (signature.state, signature.user) == (State.WITHDRAWN, carol)
    assert signature.withdrawn_at is not None
    assert (deltas(petition), shown(petition)) == ([1, -1], 0)


def test_once_is_enough(petition, carol, sign):
    sign(carol)
    withdrawing.withdraw(signature=only(petition))
    assert withdrawing.withdraw(signature=only(petition)) is False
    assert deltas(petition) == [1, -1]


def test_it_goes_after_the_end_too(petition, alice, carol, sign):
    sign(carol)
    closing.close(petition=petition, starter=alice)
    assert withdrawing.withdraw(signature=only(petition)) is True
    assert shown(petition) == 0


@pytest.mark.parametrize("state", ["pending", "held", "removed"])
def test_what_does_not_count_is_not_withdrawn(petition, ask, confirm, state):
    ask(DORA, suspicion="haste")
    if state != "pending":
        confirm(only(petition))
    if state == "removed":
        moderating.remove(signature=only(petition))
    assert withdrawing.withdraw(signature=only(petition)) is False
    assert (only(petition).state, deltas(petition)) == (state, [])


def test_a_request_can_be_disowned(petition, ask):
    ask(DORA)
    assert withdrawing.disown(signature=only(petition)) is True
    assert not Signature.objects.exists()


@pytest.mark.parametrize("state", ["confirmed", "withdrawn", "held", "removed"])
def test_what_was_proven_once_cannot_be_disowned(petition, ask, confirm, state):
    ask(DORA, suspicion="haste" if state == "held" else "")
    confirm(only(petition))
    if state == "withdrawn":
        withdrawing.withdraw(signature=only(petition))
    if state == "removed":
        moderating.remove(signature=only(petition))
    assert withdrawing.disown(signature=only(petition)) is False
    assert only(petition).state == state


def test_requests_that_nobody_confirmed_go_after_two_weeks(petition, ask):
    ask(DORA)
    ask("erin@example.org")
    age(Signature.objects.get(email=DORA), UNCONFIRMED_FOR)
    assert purging.purge() == 1
    assert only(petition).email == "erin@example.org"


def test_asking_again_gives_two_more_weeks(petition, ask):
    ask(DORA)
    age(only(petition), UNCONFIRMED_FOR)
    ask(DORA)
    assert purging.purge() == 0


def test_nothing_that_was_proven_goes(petition, carol, sign):
    sign(carol)
    withdrawing.withdraw(signature=only(petition))
    age(only(petition), timedelta(days=1000))
    assert purging.purge() == 0


def test_it_goes_on_until_all_are_gone(petition, ask, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    for number in range(5):
        ask(f"person-{number}@example.org")
    Signature.objects.update(asked_at=F("asked_at") - UNCONFIRMED_FOR)
    assert purging.purge() == 5


def test_the_counts_of_mails_go_as_well(petition, ask):
    ask(DORA)
    AskedMail.objects.update(at=F("at") - timedelta(days=14))
    purging.purge()
    assert not AskedMail.objects.exists()
