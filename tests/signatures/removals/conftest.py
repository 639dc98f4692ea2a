"""A wave of signatures that somebody made up, and the neighbours who meant theirs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from petitions.models import Petition
from signatures import consents
from signatures.models import Kind, Removal, Signature, State
from signatures.services import removing_many
from signatures.services.removing_many import Question
from tests.signatures import moderating

_WAVE = """
WITH people AS (
  INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
  SELECT n || '-' || %(petition)s || '@' || %(domain)s, %(name)s || ' ' || n, '!', true, false, false, 'en', 'UTC'
    FROM generate_series(1, %(number)s) n RETURNING id, email, name),
s AS (
  INSERT INTO signatures_signature (petition_id, version_id, consent_id, user_id, identity_hash, state, email, name,
    reason, public, updates, language, email_domain, network_hash, suspicion, removed_from, confirmed_at)
  SELECT p.id, p.version_id, %(consent)s, people.id, sha256((p.id || people.email)::bytea), %(state)s, people.email,
         people.name, '', true, true, 'en', %(domain)s, %(network)s, '', '', clock_timestamp()
    FROM people, petitions_petition p WHERE p.id = %(petition)s RETURNING petition_id, state)
INSERT INTO petitions_delta (petition_id, change) SELECT petition_id, 1 FROM s WHERE state = 'confirmed'"""


@pytest.fixture
def sue(db: None) -> User:
    return moderating.sue()


@pytest.fixture
def wave(petition: Petition) -> Callable[..., list[int]]:
    """Return a maker of so many signatures with one statement; it returns their numbers."""

    def sign(number: int, **fields: Any) -> list[int]:
        values = {
            "petition": fields.pop("petition", petition).pk,
            "domain": "made-up.example",
            "name": "Made Up",
            "state": State.CONFIRMED,
            "network": None,
            **fields,
        }
        with connection.cursor() as cursor:
            cursor.execute(_WAVE, {**values, "number": number, "consent": consents.current("en").pk})
        made = Signature.objects.filter(petition=values["petition"], email_domain=values["domain"])
        return list(made.order_by("pk").values_list("pk", flat=True))

    return sign


@pytest.fixture
def ask(petition: Petition, sue: User) -> Callable[..., Removal]:
    """Return a maker of removals that are counted."""

    def prepare(kind: str = Kind.MADE_UP, **question: Any) -> Removal:
        asked = {"petition": petition, "domains": ("made-up.example",), **question}
        return removing_many.prepare(question=Question(**asked), kind=kind, note="Found by a test.", by=sue)

    return prepare


def run(removal: Removal) -> Removal:
    """Let Sue start a removal, and a worker work it off."""
    removing_many.start(removal=removal, by=moderating.sue())
    return work_off(removal)


def undo(removal: Removal) -> Removal:
    """Let Sue undo it, and a worker put everything back."""
    removing_many.undo(removal=removal, by=moderating.sue())
    return work_off(removal)


def work_off(removal: Removal) -> Removal:
    """Let a worker do all that is to be done."""
    while removing_many.carry_on(seconds=5):
        pass
    removal.refresh_from_db()
    return removal


def facts() -> list[tuple[Any, ...]]:
    """Return all that is kept of every signature, but for when it was changed."""
    columns = [field.attname for field in Signature._meta.fields if field.name != "changed_at"]
    rows = Signature.objects.order_by("pk").values_list(*columns)
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in rows]
