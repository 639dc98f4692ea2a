"""The desk: who sits at it, and what is posted from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts.models import User
from lib import clock
from petitions.models import Petition, Reason, Seed, Tally, Version
from petitions.services.drafting import Draft, write_version
from petitions.services.moves import locked, move
from petitions.states import Actor, State
from tests.conftest import person

DECIDING = {
    "approve": State.SUBMITTED,
    "request-changes": State.SUBMITTED,
    "reject": State.SUBMITTED,
    "take-down": State.PUBLISHED,
    "restore": State.REMOVED,
}
RESULTS = {
    "approve": State.PUBLISHED,
    "request-changes": State.CHANGES_REQUESTED,
    "reject": State.REJECTED,
    "take-down": State.REMOVED,
    "restore": State.PUBLISHED,
}


@pytest.fixture
def dora(db: None) -> User:
    """A second moderator."""
    user = person("dora@example.org", "Dora Second", is_staff=True)
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


@pytest.fixture
def sam(db: None) -> User:
    """Staff without a group."""
    return person("sam@example.org", "Sam Staff", is_staff=True)


@pytest.fixture
def people(alice: User, carol: User, sam: User, bob: User, admin_person: User) -> dict[str, User | None]:
    return {"anonymous": None, "member": carol, "staff": sam, "moderator": bob, "administrator": admin_person}


@pytest.fixture
def client_as(people: dict[str, User | None], client_of: Callable[[User], Client]) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        user = people[role]
        return client_of(user) if user else Client()

    return sign_in


@pytest.fixture
def bobs(bob: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(bob)


@pytest.fixture
def ruths(admin_person: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(admin_person)


@pytest.fixture
def article(db: None) -> Petition:
    """An imported article that waits for its ask."""
    return imported(state=State.SUBMITTED, needs_ask=True, title="City opens a new bridge")


@pytest.fixture
def form_of(reason: Reason) -> Callable[..., dict[str, Any]]:
    """Return what the page's form would post for a decision on a petition as it is now."""

    def fill(petition: Petition, decision: str, **changes: Any) -> dict[str, Any]:
        shown = {"version": petition.version_id, "state": petition.state, "decision": decision}
        given = {} if decision in {"approve", "restore"} else {"reasons": [reason.pk]}
        return {**shown, **given, "internal_note": "", **changes}

    return fill


@transaction.atomic
def imported(*, state: State = State.PUBLISHED, needs_ask: bool = False, **fields: Any) -> Petition:
    """Bring in a petition without an account behind it, as the importer does."""
    petition = Petition.objects.create(
        slug=uuid4().hex, starter_name=fields.pop("starter_name", "Patrick L.")
    )
    Tally.objects.create(petition=petition)
    draft = Draft(
        **{"title": "A seed", "body": "Words of the source.", "decision_maker": "The mayor", **fields}
    )
    petition.version = write_version(petition, draft, form=Version.Format.PLAIN, author=None)
    Version.objects.filter(pk=petition.version.pk).update(frozen_at=Now())
    petition.submitted_at, petition.slug = clock.now(), f"seed-{petition.pk}"
    petition.save()
    key = f"seed-{petition.pk}"
    Seed.objects.create(petition=petition, key=key, source=f"{key}.txt", shape="article", needs_ask=needs_ask)
    move(petition=locked(petition), target=state, actor=Actor.IMPORT, by=None)
    return fresh(petition)


def fresh(petition: Petition) -> Petition:
    """Return the petition as the database has it."""
    return Petition.objects.with_text().get(pk=petition.pk)


def url(verb: str, petition: Petition) -> str:
    return reverse(f"admin:petitions_petition_{verb.replace('-', '_')}", args=[petition.pk])


def waiting_since(petition: Petition, hours: float) -> Petition:
    """Let a petition have been sent in so many hours ago."""
    Petition.objects.filter(pk=petition.pk).update(submitted_at=clock.now() - timedelta(hours=hours))
    return petition
