"""What a thread of the crew does, through the services alone."""

import time
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from django.db import OperationalError

from accounts.models import User
from lib import faults
from petitions.models import Petition
from signatures.models import Kind, Removal, Signature
from signatures.rollup import roll_up
from signatures.services import announcing, confirming, removing, removing_many, signing, withdrawing
from signatures.services.removing_many import Question
from signatures.services.signing import Choices, Origin, Outcome

R = TypeVar("R")
# People whom the site asks to come back in a moment do so, for so long (seconds).
PATIENCE = 60.0


def _served(request: Callable[[], R]) -> R:
    """Ask until the site has served it: on a busy machine the line can be longer than a lock is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return request()
        except OperationalError as fault:
            if not faults.is_passing(fault) or time.monotonic() > deadline:
                raise


def sign(petitions: list[int], people: list[int]) -> list[str]:
    """Let these people sign these petitions, one after the other; stop where signing has ended."""
    outcomes = []
    for person in people:
        user = User.objects.get(pk=person)
        outcomes += [_sign(Petition(pk=number), user) for number in petitions]
        if Outcome.CLOSED in outcomes:
            break
    return [str(outcome) for outcome in outcomes]


def _sign(petition: Petition, user: User) -> Outcome:
    choices = Choices(user.name, updates=True)
    return _served(
        lambda: signing.sign(petition=petition, user=user, choices=choices, origin=Origin())
    ).outcome


def come_and_go(petition: int, person: int, times: int) -> int:
    """Sign and withdraw, over and over; return by how much the count is higher at the end."""
    user = User.objects.get(pk=person)
    for _ in range(times):
        signing.sign(petition=Petition(pk=petition), user=user, choices=Choices(user.name), origin=Origin())
        withdrawing.withdraw(signature=Signature.objects.get(petition=petition, user=user))
    return 0


def ask(petition: int, email: str) -> bool:
    """Type this address."""
    shown, request_key = Petition.objects.with_text().get(pk=petition), uuid4()
    return _served(
        lambda: signing.ask(
            petition=shown, email=email, choices=Choices("Carol"), origin=Origin(), request_key=request_key
        )
    )


def confirm(signature: int) -> str:
    """Press the button behind the link."""
    theirs = Signature.objects.get(pk=signature)
    answer = _served(lambda: confirming.confirm(signature=theirs, choices=Choices("Carol"), language="en"))
    return str(answer.outcome)


def remove_and_put_back(petition: int, signatures: list[int], times: int, by: int) -> int:
    """Remove these by hand and put them back one by one, over and over."""
    moderator = User.objects.get(pk=by)
    for _ in range(times):
        rows = list(Signature.objects.filter(petition=petition, pk__in=signatures))
        removing.remove(signatures=rows, kind=Kind.DUPLICATES, note="A race.", by=moderator)
        for row in rows:
            removing.undo_removal(signature=row, by=moderator)
    return 0


def remove_and_undo_all(petition: int, times: int, by: int) -> int:
    """Remove everybody by a question and undo that, over and over."""
    moderator = User.objects.get(pk=by)
    question = Question(Petition.objects.get(pk=petition), domains=("example.org",))
    for _ in range(times):
        removal = removing_many.prepare(question=question, kind=Kind.MADE_UP, note="A race.", by=moderator)
        for act in (removing_many.start, removing_many.undo):
            act(removal=removal, by=moderator)
            _work_off(removal)
    return 0


def _work_off(removal: Removal) -> None:
    removal.refresh_from_db()
    while removal.is_moving:
        removing_many.carry_on(seconds=0)
        removal.refresh_from_db()


def roll(times: int) -> int:
    """Roll up so many times; return how many tallies changed."""
    return sum(roll_up() for _ in range(times))


def announce() -> int:
    """Work off what is due; return how many mails were written."""
    return announcing.announce_due()
