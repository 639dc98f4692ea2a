"""Whatever people and moderators do, in whatever order: the count is the number of the confirmed, and nobody is two."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from petitions.models import Petition, Tally
from signatures.models import WAITING, Signature, State
from signatures.rollup import roll_up
from signatures.services import confirming, signing, withdrawing
from signatures.services.signing import Choices, Origin, Outcome
from tests.conftest import person
from tests.signatures import moderating
from tests.signatures.counts import breaches, deltas, recount, shown

# Two of these are one mailbox; the first and the second have accounts.
ADDRESSES = ["carol@gmail.com", "dora@example.org", "c.arol+x@googlemail.com", "erin@example.org"]
SOMEBODY, SOME_ADDRESS = st.integers(0, 3), st.sampled_from(ADDRESSES)


class Signing(RuleBasedStateMachine):
    """Goes through signing, asking, confirming, withdrawing, holding, releasing, removing, undoing, rolling up."""

    petition: Petition
    members: list[User]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        assert breaches() == {}
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def one(self, number: int, *states: str) -> Signature | None:
        rows = list(Signature.objects.filter(state__in=states or State.values).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def moves(self, done: bool, by: int, before: int) -> None:
        assert recount(self.petition) - before == (by if done else 0)

    @rule(number=SOMEBODY)
    def sign(self, number: int) -> None:
        before, member = recount(self.petition), self.members[number % len(self.members)]
        answer = signing.sign(
            petition=self.petition, user=member, choices=Choices(member.name), origin=Origin()
        )
        self.moves(answer.outcome == Outcome.SIGNED, 1, before)

    @rule(address=SOME_ADDRESS, suspicion=st.sampled_from(["", "", "haste"]))
    def ask(self, address: str, suspicion: str) -> None:
        before, origin = recount(self.petition), Origin(suspicion=suspicion)
        signing.ask(
            petition=self.petition, email=address, choices=Choices("X"), origin=origin, request_key=uuid4()
        )
        self.moves(False, 0, before)

    @rule(number=SOMEBODY)
    def confirm(self, number: int) -> None:
        before, signature = recount(self.petition), self.one(number)
        if signature:
            answer = confirming.confirm(signature=signature, choices=Choices("X"), language="en")
            self.moves(answer.outcome == Outcome.SIGNED, 1, before)
            assert answer.outcome != Outcome.GONE

    @rule(number=SOMEBODY)
    def withdraw(self, number: int) -> None:
        before, signature = recount(self.petition), self.one(number)
        if signature:
            self.moves(withdrawing.withdraw(signature=signature), -1, before)

    @rule(number=SOMEBODY)
    def disown(self, number: int) -> None:
        before, signature = recount(self.petition), self.one(number)
        if signature:
            assert withdrawing.disown(signature=signature) is (signature.state == State.PENDING)
            self.moves(False, 0, before)

    @rule(number=SOMEBODY)
    def release(self, number: int) -> None:
        before, signature = recount(self.petition), self.one(number)
        if signature:
            self.moves(moderating.release(signature=signature), 1, before)

    @rule(number=SOMEBODY)
    def remove(self, number: int) -> None:
        before, signature = recount(self.petition), self.one(number)
        if signature:
            removed = moderating.remove(signature=signature)
            assert removed is (signature.state in {State.CONFIRMED, State.HELD})
            self.moves(signature.state == State.CONFIRMED, -1, before)

    @rule(number=SOMEBODY)
    def undo(self, number: int) -> None:
        before, signature = recount(self.petition), self.one(number, State.REMOVED)
        if signature:
            assert moderating.undo_removal(signature=signature) is True
            self.moves(signature.removed_from == State.CONFIRMED, 1, before)

    @rule(is_over=st.booleans())
    def end(self, is_over: bool) -> None:
        Petition.objects.filter(pk=self.petition.pk).update(closes_at=Now() if is_over else None)

    @rule()
    def roll_up(self) -> None:
        roll_up()
        assert deltas(self.petition) == []
        assert Tally.objects.get(petition=self.petition).signatures == recount(self.petition)

    @invariant()
    def the_count_is_exact(self) -> None:
        assert shown(self.petition) == recount(self.petition)

    @invariant()
    def only_what_was_proven_has_an_account(self) -> None:
        pending, proven = Q(state=State.PENDING), ~Q(state=State.PENDING)
        wrong = Q(pending, user__isnull=False) | Q(proven, user__isnull=True)
        assert not Signature.objects.filter(wrong | (~Q(state__in=WAITING) & Q(asked__isnull=False))).exists()


@pytest.mark.django_db
def test_the_count_is_exact_in_any_order(make_petition: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Signing, "petition", make_petition(first_goal=1), raising=False)
    members = [person(ADDRESSES[0], "Carol"), person(ADDRESSES[1], "Dora")]
    monkeypatch.setattr(Signing, "members", members, raising=False)
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    limits = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Signing, settings=limits)
