"""What a thread of the crew does, through the services alone."""

from uuid import uuid4

from accounts.models import User
from petitions.models import Petition
from signatures.models import Kind, Removal, Signature
from signatures.rollup import roll_up
from signatures.services import announcing, confirming, removing, removing_many, signing, withdrawing
from signatures.services.removing_many import Question
from signatures.services.signing import Choices, Origin, Outcome


def sign(petitions: list[int], people: list[int]) -> list[str]:
    """Let these people sign these petitions, one after the other; stop where signing has ended."""
    outcomes = []
    for person in people:
        user = User.objects.get(pk=person)
        for number in petitions:
            choices = Choices(user.name, updates=True)
            outcomes.append(
                signing.sign(
                    petition=Petition(pk=number), user=user, choices=choices, origin=Origin()
                ).outcome
            )
        if Outcome.CLOSED in outcomes:
            break
    return [str(outcome) for outcome in outcomes]


def come_and_go(petition: int, person: int, times: int) -> int:
    """Sign and withdraw, over and over; return by how much the count is higher at the end."""
    user = User.objects.get(pk=person)
    for _ in range(times):
        signing.sign(petition=Petition(pk=petition), user=user, choices=Choices(user.name), origin=Origin())
        withdrawing.withdraw(signature=Signature.objects.get(petition=petition, user=user))
    return 0


def ask(petition: int, email: str) -> bool:
    """Type this address."""
    return signing.ask(
        petition=Petition.objects.with_text().get(pk=petition),
        email=email,
        choices=Choices("Carol"),
        origin=Origin(),
        request_key=uuid4(),
    )


def confirm(signature: int) -> str:
    """Press the button behind the link."""
    answer = confirming.confirm(
        signature=Signature.objects.get(pk=signature), choices=Choices("Carol"), language="en"
    )
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
