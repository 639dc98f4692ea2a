"""Two who decide at the same time: one counts, the other is told what happened."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from outbox.models import Message
from petitions.models import Petition, Transition
from petitions.services import drafting, moderation
from petitions.services.moderation import Decision, Stale, Verdict
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh
from tests.petitions.racing import at_once, committed

OF_A_SUBMITTED_ONE = [Decision.APPROVE, Decision.REQUEST_CHANGES, Decision.REJECT]


def deciding(decision: Decision, petition: Petition, said: Verdict) -> Callable[[], Transition]:
    carry_out = getattr(moderation, decision.value.replace("-", "_"))
    return lambda: carry_out(petition=petition, verdict=said)


@committed
def test_whatever_two_moderators_decide_at_once_one_counts(make_petition, bob, dora, reason):
    for one, other in product(OF_A_SUBMITTED_ONE, repeat=2):
        petition = make_petition(State.SUBMITTED)
        said = [
            verdict(petition, who, reasons=[reason] if moderation.needs_reason(decision) else [])
            for who, decision in ((bob, one), (dora, other))
        ]
        done = at_once(deciding(one, petition, said[0]), deciding(other, petition, said[1]))
        made = [each for each in done if isinstance(each, Transition)]
        assert [type(each) for each in done if each not in made] == [Stale], (one, other)
        assert fresh(petition).state == made[0].target
        assert petition.transitions.count() == 2
    assert Message.objects.filter(kind__in=["petition-approved", "petition-rejected"]).count() <= 9


@committed
def test_an_approval_never_reaches_a_text_that_its_moderator_has_not_read(make_petition, bob, dora, reason):
    petition = make_petition(State.SUBMITTED)
    read, words = petition.version, drafting.draft_of(petition)
    back, said = verdict(petition, dora, reasons=[reason]), verdict(petition, bob)

    def change() -> None:
        moderation.request_changes(petition=petition, verdict=back)
        drafting.revise(petition=petition, draft=replace(words, title="Something else"))
        drafting.submit(petition=petition, starter=petition.starter)

    approved, changed = at_once(lambda: moderation.approve(petition=petition, verdict=said), change)
    now = fresh(petition)
    if isinstance(approved, Stale):
        assert changed is None
        assert (now.state, now.title) == (State.SUBMITTED, "Something else")
    else:
        assert isinstance(changed, Stale)
        assert (now.state, now.version) == (State.PUBLISHED, read)


def test_an_old_page_approves_nothing_that_was_sent_since(make_petition, bob, dora, reason):
    petition = make_petition(State.SUBMITTED)
    said = verdict(petition, bob)
    moderation.request_changes(petition=petition, verdict=verdict(petition, dora, reasons=[reason]))
    drafting.revise(petition=petition, draft=replace(drafting.draft_of(petition), title="Something else"))
    drafting.submit(petition=petition, starter=petition.starter)
    with pytest.raises(Stale, match="text has changed"):
        moderation.approve(petition=petition, verdict=said)
    assert fresh(petition).state == State.SUBMITTED
