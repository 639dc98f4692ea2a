"""What the public pages are tested with: many petitions, and readers with hostile browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from petitions.models import Petition, Tally
from tests.conftest import person

HOSTILE = {
    "HTTP_COOKIE": "sessionid=\x7f;;=; csrftoken=<script>; messages=oops; django_language=de",
    "HTTP_ACCEPT_LANGUAGE": "ar;q=1, de;q=0.9, *;q=0.1",
}


@pytest.fixture
def signed() -> Callable[[Petition, int], Petition]:
    """Return a way to give a petition a count."""

    def give(petition: Petition, signatures: int) -> Petition:
        Tally.objects.filter(petition=petition).update(signatures=signatures)
        return Petition.objects.with_text().get(pk=petition.pk)

    return give


@pytest.fixture
def crowd(make_petition: Callable[..., Petition]) -> Callable[..., list[Petition]]:
    """Return a maker of many published petitions, each with a starter of its own."""

    def make(number: int, title: str = "Plant tree number {}", **fields: Any) -> list[Petition]:
        have = Petition.objects.count()
        starters = [person(f"starter{have + i}@example.org", "Eva Lang") for i in range(number)]
        return [
            make_petition(title=title.format(i), starter=one, **fields) for i, one in enumerate(starters, 1)
        ]

    return make


@pytest.fixture
def hostile() -> Client:
    """Return a client whose every header tries to change what it gets."""
    return Client(headers={}, **HOSTILE)


@pytest.fixture
def readers(request: pytest.FixtureRequest, client_of: Callable[..., Client]) -> list[Client]:
    """Return everybody who might ask: a visitor, the starter, a moderator and a stranger."""
    members = [client_of(request.getfixturevalue(name)) for name in ("alice", "bob", "mallory")]
    return [Client(), *members]
