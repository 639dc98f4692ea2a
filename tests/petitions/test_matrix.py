"""Role × act × state, made from the table of moves: whoever adds a move or a decision has to say here who does it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, IntegerField, Model, Subquery, Value

from accounts.models import User
from petitions.models import Edit, Note, Objection, Petition, Reason, Seed, Transition, Version
from petitions.services import closing, correcting, drafting, editing, handover, moderation, noting, objecting
from petitions.services.moderation import _MOVES, Decision
from petitions.states import PUBLIC, TRANSITIONS, Actor, NotAllowed, State
from tests.conftest import person, staff, verdict

Pair = tuple[State, State]
Do = Callable[[Petition, User, Reason], Any]
Traces = tuple[State, *tuple[Any, ...]]

# Who does what the table of moves knows nothing of: it changes no state, or hands out what was asked for before.
ADMINISTRATOR = "administrator"
# Which words of the table each role may speak; whoever started a petition is never its moderator.
ROLES: dict[str, set[Actor | str]] = {
    "starter": {Actor.STARTER},
    "member": set(),
    "staff without a group": set(),
    "moderator": {Actor.MODERATOR},
    "moderator who has left": set(),
    "senior moderator": {Actor.MODERATOR, Actor.SENIOR},
    "senior moderator whose account is closed": set(),
    "administrator": {Actor.MODERATOR, Actor.SENIOR, ADMINISTRATOR},
    "starter who is a senior moderator": {Actor.STARTER},
}
# Nobody asks for these: the clock and the importer make them.
MOVES_BY_THEMSELVES: dict[Actor, set[Pair]] = {
    Actor.CLOCK: {(State.PUBLISHED, State.CLOSED)},
    Actor.IMPORT: {(State.DRAFT, State.SUBMITTED), (State.DRAFT, State.PUBLISHED)},
}
BY_THEMSELVES = set(MOVES_BY_THEMSELVES)
# In the table, and no service does it yet.
WITHOUT_SERVICE = {(State.PUBLISHED, State.VICTORY), (State.CLOSED, State.VICTORY)}
WORDS = "A sentence that is long enough."


@dataclass(frozen=True)
class Act:
    """What somebody tries: as whom, in which states it can succeed, and how it is done."""

    actor: Actor | str
    states: frozenset[State]
    do: Do
    moves: frozenset[Pair] = frozenset()


def moving(actor: Actor, moves: list[Pair], do: Do) -> Act:
    return Act(actor, frozenset(source for source, _ in moves), do, frozenset(moves))


def deciding(decision: Decision) -> Act:
    def do(petition: Petition, who: User, reason: Reason) -> None:
        reasons = [reason] if moderation.needs_reason(decision) else []
        carry_out = getattr(moderation, decision.value.replace("-", "_"))
        carry_out(petition=petition, verdict=verdict(petition, who, reasons=reasons))

    return moving(Actor.MODERATOR, _MOVES[decision], do)


def objected(petition: Petition) -> Objection:
    return objecting.object_to(petition=petition, author=petition.starter, text=WORDS)


def proposed(petition: Petition) -> Edit:
    words = replace(drafting.draft_of(petition), title="Another title")
    return editing.propose(petition=petition, starter=petition.starter, draft=words)


def propose(petition: Petition, who: User, reason: Reason) -> None:
    words = replace(drafting.draft_of(petition), title="Another title")
    editing.propose(petition=petition, starter=who, draft=words)


def handing_over(*, needs_ask: bool) -> Do:
    """Give an imported petition to who would have been its starter; with a reason where it goes back."""

    def do(petition: Petition, who: User, reason: Reason) -> None:
        member = petition.starter
        Seed.objects.create(
            petition=petition, key="seed", source="seed.txt", shape="article", needs_ask=needs_ask
        )
        Petition.objects.filter(pk=petition.pk).update(starter=None)
        said = verdict(petition, who, reasons=[reason] if needs_ask else [])
        handover.hand_over(petition=petition, member=member, verdict=said)

    return do


def correcting_so(**correction: Any) -> Do:
    def do(petition: Petition, who: User, reason: Reason) -> None:
        correcting.correct(petition=petition, administrator=who, correction=correction)

    return do


RETURNS = [pair for pair, rule in TRANSITIONS.items() if Actor.SENIOR in rule.actors]
ACTS: dict[str, Act] = {
    **{decision.value: deciding(decision) for decision in Decision},
    "submit": moving(
        Actor.STARTER,
        [(State.DRAFT, State.SUBMITTED), (State.CHANGES_REQUESTED, State.SUBMITTED)],
        lambda petition, who, _: drafting.submit(petition=petition, starter=who),
    ),
    "close": moving(
        Actor.STARTER,
        [(State.PUBLISHED, State.CLOSED)],
        lambda petition, who, _: closing.close(petition=petition, starter=who),
    ),
    "uphold": moving(
        Actor.SENIOR,
        RETURNS,
        lambda petition, who, _: objecting.uphold(objection=objected(petition), senior=who),
    ),
    "dismiss": Act(
        Actor.SENIOR,
        frozenset(objecting.REFUSALS),
        lambda petition, who, _: objecting.dismiss(objection=objected(petition), senior=who, note=WORDS),
    ),
    "object": Act(
        Actor.STARTER,
        frozenset(objecting.REFUSALS),
        lambda petition, who, _: objecting.object_to(petition=petition, author=who, text=WORDS),
    ),
    "propose": Act(Actor.STARTER, frozenset({State.PUBLISHED}), propose),
    "take back": Act(
        Actor.STARTER,
        frozenset({State.PUBLISHED}),
        lambda petition, who, _: editing.take_back(edit=proposed(petition), starter=who),
    ),
    "accept": Act(
        Actor.MODERATOR,
        frozenset({State.PUBLISHED}),
        lambda petition, who, _: editing.accept(edit=proposed(petition), moderator=who),
    ),
    "decline": Act(
        Actor.MODERATOR,
        frozenset({State.PUBLISHED}),
        lambda petition, who, _: editing.decline(edit=proposed(petition), moderator=who, note=WORDS),
    ),
    "note": Act(
        Actor.MODERATOR,
        frozenset(State),
        lambda petition, who, _: noting.note(petition=petition, author=who, text=WORDS),
    ),
    "hand over": Act(ADMINISTRATOR, frozenset(State), handing_over(needs_ask=False)),
    "hand over what lacks its ask": Act(
        ADMINISTRATOR, frozenset({State.SUBMITTED}), handing_over(needs_ask=True)
    ),
    "correct the topic": Act(ADMINISTRATOR, frozenset(State), correcting_so(topic=None)),
    "correct whom it asks": Act(ADMINISTRATOR, frozenset(State), correcting_so(decision_maker=None)),
    "correct the last day": Act(
        ADMINISTRATOR, frozenset(correcting.HAS_PERIOD), correcting_so(closes_at=None)
    ),
}


@pytest.fixture
def people(alice: User, mallory: User, sue: User) -> dict[str, User]:
    left, closed = (staff(f"{name}@example.org", name, "Senior moderators") for name in ("left", "closed"))
    left.is_staff, closed.is_active = False, False
    left.save()
    closed.save()
    cast = [
        *(alice, mallory, person("staff@example.org", "Sam Staff", is_staff=True)),
        *(staff("dora@example.org", "Dora", "Moderators"), left, sue, closed),
        *(
            staff("ann@example.org", "Ann", "Administrators"),
            staff("eve@example.org", "Eve", "Senior moderators"),
        ),
    ]
    return dict(zip(ROLES, cast, strict=True))


def outcome(act: Act, petition: Petition, who: User, reason: Reason, before: Traces) -> bool | str:
    """Return whether the act succeeded, or what is wrong with what it left; then take it back."""
    with transaction.atomic():
        found = tried(act, petition, who, reason, before)
        transaction.set_rollback(True)
    return found


def tried(act: Act, petition: Petition, who: User, reason: Reason, before: Traces) -> bool | str:
    try:
        with transaction.atomic():
            act.do(petition, who, reason)
    except NotAllowed as refusal:
        return False if traces(petition) == before and str(refusal) else "refused, and left something"
    move = (State(petition.state), traces(petition)[0])
    return True if not act.moves or move in act.moves else f"moved {move}"


def number_of(model: type[Model]) -> Subquery:
    rows = model._default_manager.order_by().values(each=Value(1)).values(number=Count("pk"))
    return Subquery(rows, output_field=IntegerField())


# Of four tables and the petition in one statement: they are asked for after each of two thousand acts.
WRITTEN = {model.__name__: number_of(model) for model in (Transition, Edit, Note, Version)}


def traces(petition: Petition) -> Traces:
    """Return the state, what else acts change about the petition, and how much there is of what they write."""
    now = Petition.objects.filter(pk=petition.pk).values_list("state", "starter_id", "topic_id", "closes_at")
    state, *rest = now.annotate(**WRITTEN).get()
    return State(state), *rest


@pytest.mark.parametrize("state", State)
def test_each_role_does_what_it_may_and_nothing_else(make_petition, people, reason, state):
    surprises = []
    petition = make_petition(state)
    for role, actors in ROLES.items():
        own = role.startswith("starter")
        Petition.objects.filter(pk=petition.pk).update(starter=people[role if own else "starter"])
        shown, before = Petition.objects.with_text().get(pk=petition.pk), traces(petition)
        for name, act in ACTS.items():
            expected = act.actor in actors and state in act.states
            found = outcome(act, shown, people[role], reason, before)
            if found is not expected:
                surprises.append((role, name, found))
    assert surprises == []


def test_every_move_of_a_person_is_made_by_one_act():
    made = Counter((pair, act.actor) for act in ACTS.values() for pair in act.moves)
    asked = Counter(
        (pair, actor)
        for pair, rule in TRANSITIONS.items()
        for actor in rule.actors - BY_THEMSELVES
        if pair not in WITHOUT_SERVICE
    )
    assert made == asked


def test_every_move_that_nobody_asks_for_is_known():
    made = {
        actor: {pair for pair, rule in TRANSITIONS.items() if actor in rule.actors} for actor in BY_THEMSELVES
    }
    assert made == MOVES_BY_THEMSELVES


def test_every_decision_has_its_moves_and_its_act():
    assert set(_MOVES) == set(Decision)
    assert {decision.value for decision in Decision} <= set(ACTS)
    assert all(_MOVES.values())


def test_every_actor_is_somebody_or_works_by_itself():
    assert {*Actor, ADMINISTRATOR} == BY_THEMSELVES.union(*ROLES.values())


def test_what_is_public_can_be_taken_down_and_put_back():
    for state in PUBLIC:
        assert {(state, State.REMOVED), (State.REMOVED, state)} <= set(TRANSITIONS)
