"""What the fault tests let the site's own code do: `python -m tests.chaos.acts` reads one act a line and answers."""

import json
import os
import random
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402 - Django has to be set up first
from allauth.usersessions.models import UserSession  # noqa: E402
from celery import current_app  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import close_old_connections, connection, transaction  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from accounts.models import User  # noqa: E402
from lib import audit, clock  # noqa: E402
from outbox.post import Draft, post_many  # noqa: E402
from petitions.models import Petition, Topic  # noqa: E402
from petitions.services import drafting  # noqa: E402
from petitions.services.drafting import Draft as Words  # noqa: E402
from petitions.services.moves import locked, move  # noqa: E402
from petitions.states import Actor, State  # noqa: E402
from signatures import consents, emails, origin, rollup  # noqa: E402
from signatures.models import Removal, Signature  # noqa: E402
from signatures.services import announcing, removing, removing_many  # noqa: E402

BACKEND = "accounts.backend.Backend"
BODY = "The lamps on the river path go off at ten.\n\nNight-shift workers walk home in the dark."
ACTS: dict[str, Callable[..., Any]] = {}


def act(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function known by its name."""
    ACTS[function.__name__] = function
    return function


@act
def people(number: int, domain: str = "example.org") -> list[dict[str, Any]]:
    """Make so many members who have proven an address and are signed in; return their ids, addresses and cookies."""
    name = get_random_string(8).lower()
    with transaction.atomic():
        made = User.objects.bulk_create(
            User(email=f"{name}-{each}@{domain}", name=f"Person {each}", password="!")
            for each in range(number)
        )
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
        )
        keys = _sessions(made)
    return [
        {"id": user.pk, "email": user.email, "cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
        for user, key in zip(made, keys, strict=True)
    ]


def _sessions(users: list[User]) -> list[str]:
    store, until = SessionStore(), clock.now() + timedelta(days=1)
    rows = [
        Session(
            session_key=get_random_string(32).lower(),
            session_data=store.encode(
                {
                    "_auth_user_id": str(user.pk),
                    "_auth_user_backend": BACKEND,
                    "_auth_user_hash": user.get_session_auth_hash(),
                }
            ),
            expire_date=until,
        )
        for user in users
    ]
    Session.objects.bulk_create(rows, batch_size=2000)
    # As allauth notes it of everybody who signs in.
    UserSession.objects.bulk_create(
        (
            UserSession(session_key=row.session_key, user=user, ip="198.51.100.7", user_agent="Firefox")
            for user, row in zip(users, rows, strict=True)
        ),
        batch_size=2000,
    )
    return [row.session_key for row in rows]


@act
def petition(
    first_goal: int = 100, title: str = "Keep the river path lit", closes_in: float | None = None
) -> dict[str, Any]:
    """Publish a petition; return its id, address part and starter's id. `closes_in` are seconds from now."""
    starter = _person(f"alice-{uuid4().hex[:8]}@example.org", "Alice Miller")
    words = Words(
        title=title,
        body=BODY,
        decision_maker="Parks Department",
        topic=Topic.objects.get(slug="parks"),
        starter_name=starter.name,
        first_goal=first_goal,
    )
    with transaction.atomic():
        made = drafting.start(starter=starter, draft=words, request_key=uuid4())
        drafting.submit(petition=made, starter=starter)
        move(petition=locked(made), target=State.PUBLISHED, actor=Actor.MODERATOR, by=moderator())
        if closes_in is not None:
            closes_at = clock.now() + timedelta(seconds=closes_in)
            Petition.objects.filter(pk=made.pk).update(closes_at=closes_at)
    made = Petition.objects.get(pk=made.pk)
    return {"id": made.pk, "slug": made.slug, "starter": starter.pk, "path": made.get_absolute_url()}


def moderator() -> User:
    """Return Bob."""
    bob = User.objects.filter(email="bob@example.org").first()
    if bob is None:
        bob = _person("bob@example.org", "Bob Moderator", is_staff=True)
        bob.groups.add(Group.objects.get(name="Moderators"))
    return bob


def _person(email: str, name: str, **fields: Any) -> User:
    user: User = User.objects.create_user(email, None, name=name, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@act
def stamps(number: int, seconds_ago: float = 60) -> list[dict[str, str]]:
    """Return the hidden fields of so many forms that were opened a while ago."""
    at = int((clock.now().timestamp() - seconds_ago) * 1000)
    stamp = origin.tokens.make("signing-form", at)
    return [{"request_key": str(uuid4()), "stamp": stamp, "homepage": ""} for _ in range(number)]


_SUPPORTERS = """
WITH people AS (
    INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
    SELECT %(name)s || '-' || n || '@example.org', 'Supporter ' || n, '!', true, false, false, 'en', 'UTC'
    FROM generate_series(1, %(number)s) n RETURNING id, email),
signed AS (
    INSERT INTO signatures_signature (petition_id, version_id, consent_id, user_id, identity_hash, state, email, name,
        reason, public, updates, language, email_domain, suspicion, removed_from, confirmed_at)
    SELECT p.id, p.version_id, %(consent)s, people.id, sha256((p.id || people.email)::bytea),
        'confirmed', people.email, 'Supporter', '', true, %(updates)s, 'en', 'example.org', '', '', clock_timestamp()
    FROM people, petitions_petition p WHERE p.id = %(petition)s RETURNING petition_id)
INSERT INTO petitions_delta (petition_id, change) SELECT petition_id, 1 FROM signed"""


@act
def supporters(petition: int, number: int, updates: bool = True) -> int:
    """Give a petition so many confirmed supporters with one statement, as if all had signed in one instant."""
    consent = consents.current("en").pk
    values = {
        "petition": petition,
        "number": number,
        "updates": updates,
        "consent": consent,
        "name": uuid4().hex[:8],
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_SUPPORTERS, values)
        cursor.execute("RESET statement_timeout")
        return int(cursor.rowcount)


@act
def queue(kind: str, drafts: list[dict[str, Any]]) -> int:
    """Write mails of one kind; each draft has `to`, `context` and `dedupe_key`."""
    return post_many([Draft(kind, each["to"], "en", each["context"], each["dedupe_key"]) for each in drafts])


@act
def announce() -> int:
    """Count what was signed and write the mails of the goals reached, without a worker; return how many."""
    rollup.roll_up()
    return announcing.announce_due(chunks=100_000)


@act
def ring(task: str, times: int = 1) -> None:
    """Ask for a task by its name, so often at once."""
    for _time in range(times):
        current_app.send_task(task)


@act
def periodic() -> list[str]:
    """Return the names of the tasks that beat starts."""
    return sorted({entry["task"] for entry in current_app.conf.beat_schedule.values()})


@act
def withdrawals(petition: int) -> dict[str, str]:
    """Return for each confirmed supporter's address the link that takes the signature back."""
    rows = Signature.objects.confirmed().filter(petition=petition).values_list("email", "pk")
    return {email: emails.link(emails.WITHDRAW, pk) for email, pk in rows}


@act
def submission() -> int:
    """Submit a petition that waits for a moderator."""
    moderator()
    starter = _person(f"alice-{uuid4().hex[:8]}@example.org", "Alice Miller")
    topic = Topic.objects.get(slug="parks")
    words = Words(
        title="Mend the steps", body=BODY, decision_maker="Parks", topic=topic, starter_name=starter.name
    )
    with transaction.atomic():
        made = drafting.start(starter=starter, draft=words, request_key=uuid4())
        drafting.submit(petition=made, starter=starter)
    return int(made.pk)


@act
def remove_and_put_back(petition: int, steps: int, seed: float) -> int:
    """Remove signatures and put them back, as the dice fall; return how often that did something."""
    dice, ruth = (
        random.Random(seed),
        _person(f"ruth-{uuid4().hex[:8]}@example.org", "Ruth", is_superuser=True),
    )
    numbers = list(Signature.objects.filter(petition=petition).values_list("pk", flat=True))
    done = 0
    for _step in range(steps):
        signature = Signature.objects.get(pk=dice.choice(numbers))
        if dice.random() < 0.5:
            done += len(removing.remove(signatures=[signature], kind="other", note="", by=ruth))
        else:
            done += removing.undo_removal(signature=signature, by=ruth)
    return done


@act
def start_removal(petition: int, domain: str) -> int:
    """Begin to remove everybody of a mail domain from a petition; return the removal’s number."""
    ruth = _person(f"ruth-{uuid4().hex[:8]}@example.org", "Ruth", is_superuser=True)
    question = removing_many.Question(petition=Petition.objects.get(pk=petition), domains=(domain,))
    removal = removing_many.prepare(question=question, kind="made-up", note="A wave.", by=ruth)
    return int(removing_many.start(removal=removal, by=ruth).pk)


@act
def undo_removal(removal: int) -> None:
    """Begin to put back what a removal took."""
    made = Removal.objects.select_related("made_by").get(pk=removal)
    removing_many.undo(removal=made, by=made.made_by)


@act
def broken_promises() -> list[str]:
    """Recount every promise, as `audit_invariants` does; return each breach with its promise."""
    found = audit.breaches_at_one_moment()
    return [f"{promise}: {breach}" for promise, breaches in found.items() for breach in breaches]


def _main() -> None:
    # What anybody prints must not look like an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        task = json.loads(line)
        close_old_connections()
        try:
            answer = {"result": ACTS[task["name"]](**task["arguments"])}
        except Exception:  # noqa: BLE001 - whoever asked is told
            connection.close()
            answer = {"fault": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    _main()
