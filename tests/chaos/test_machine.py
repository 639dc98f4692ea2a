"""S7 once more, in any order that Hypothesis thinks of: three hands hold transactions open while the roll-up runs."""

import os
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from petitions.models import Petition
from signatures.models import Signature
from signatures.rollup import roll_up
from signatures.services import confirming, removing, signing, withdrawing
from signatures.services.signing import Choices, Origin
from tests.chaos.conftest import FULL
from tests.chaos.hands import Hand, settle
from tests.conftest import person
from tests.petitions.racing import committed
from tests.signatures.counts import breaches, deltas, recount, shown

HANDS, PEOPLE, OFTEN = st.integers(0, 2), st.integers(0, 2), st.sampled_from([True, True, False])
DEEDS = st.sampled_from(["sign", "ask", "confirm", "withdraw", "disown", "release", "remove", "undo"])


class Interleaved(RuleBasedStateMachine):
    """What is committed is counted, at every instant, whatever else is begun and whether or not it will stand."""

    make: Any
    members: list[User]
    ruth: User

    def __init__(self) -> None:
        super().__init__()
        self.petition: Petition = self.make(title=f"Plant tree {uuid4().hex[:8]}", first_goal=1)
        self.hands = [Hand() for _ in range(3)]

    def teardown(self) -> None:
        settle(self.hands)
        for hand in self.hands:
            hand.rest()
        roll_up()
        assert deltas(self.petition) == []
        assert breaches() == {}

    @rule(hand=HANDS, deed=DEEDS, whose=PEOPLE, stands=OFTEN)
    def act(self, hand: int, deed: str, whose: int, stands: bool) -> None:
        """Begin something; a hand that holds something already lets that stand, or takes it back."""
        chosen = self.hands[hand]
        if chosen.is_idle:
            chosen.begin(lambda: getattr(self, deed)(whose))
        elif not chosen.is_waiting:
            chosen.finish(stands=stands)

    @rule(deed=DEEDS, whose=PEOPLE, stands=OFTEN)
    def two_at_once(self, deed: str, whose: int, stands: bool) -> None:
        """Two begin the same thing before either is done with it."""
        settle(self.hands)
        first, second, _third = self.hands
        first.begin(lambda: getattr(self, deed)(whose), patience=60)
        second.begin(lambda: getattr(self, deed)(whose))
        first.finish(stands=stands)
        settle(self.hands)

    @rule()
    def roll_up(self) -> None:
        """What is begun is neither counted nor lost by it."""
        roll_up()
        assert deltas(self.petition) == []

    @invariant()
    def what_is_committed_is_counted(self) -> None:
        assert shown(self.petition) == recount(self.petition)

    def one(self, whose: int) -> Signature:
        rows = list(Signature.objects.filter(petition=self.petition).order_by("pk"))
        return rows[whose % len(rows)] if rows else Signature(pk=0, petition=self.petition)

    def sign(self, whose: int) -> None:
        member = self.members[whose]
        signing.sign(petition=self.petition, user=member, choices=Choices(member.name), origin=Origin())

    def ask(self, whose: int) -> None:
        origin = Origin(suspicion=["", "haste"][whose % 2])
        email, key = self.members[whose].email, uuid4()
        signing.ask(petition=self.petition, email=email, choices=Choices("X"), origin=origin, request_key=key)

    def confirm(self, whose: int) -> None:
        confirming.confirm(signature=self.one(whose), choices=Choices("X"), language="en")

    def withdraw(self, whose: int) -> None:
        withdrawing.withdraw(signature=self.one(whose))

    def disown(self, whose: int) -> None:
        withdrawing.disown(signature=self.one(whose))

    def release(self, whose: int) -> None:
        removing.release(signature=self.one(whose), by=self.ruth)

    def remove(self, whose: int) -> None:
        removing.remove(signatures=[self.one(whose)], kind="other", note="", by=self.ruth)

    def undo(self, whose: int) -> None:
        removing.undo_removal(signature=self.one(whose), by=self.ruth)


@committed
def test_what_is_committed_is_counted_in_any_order(make_petition, proof, monkeypatch: pytest.MonkeyPatch):
    members = [person(f"person-{number}@example.org", f"Person {number}") for number in range(3)]
    ruth = person("ruth@example.org", "Ruth", is_staff=True, is_superuser=True)
    for name, value in {"make": staticmethod(make_petition), "members": members, "ruth": ruth}.items():
        monkeypatch.setattr(Interleaved, name, value, raising=False)
    examples, steps = (120, 50) if FULL else (5, 20)
    hypothesis.seed(int(os.environ["CHAOS_SEED"]))(Interleaved)
    limits = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        # A race does not happen again to order, so its story can't be made shorter.
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Interleaved, settings=limits)
    proof(
        "S7",
        f"{examples} stories of up to {steps} steps by 3 hands with open transactions: the sums always agreed",
    )
