"""A petition that can be signed, and people who do."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from petitions.models import Petition
from signatures.models import Signature
from signatures.services import confirming, signing
from signatures.services.signing import Choices, Origin, Outcome


@pytest.fixture
def petition(make_petition: Callable[..., Petition]) -> Petition:
    """Return a published petition of Alice’s."""
    return make_petition()


@pytest.fixture
def sign(petition: Petition) -> Callable[..., Outcome]:
    """Return a way for a member to sign."""

    def one_click(user: User, **fields: Any) -> Outcome:
        on, suspicion = fields.pop("petition", petition), fields.pop("suspicion", "")
        choices = Choices(**{"name": user.name, **fields})
        return signing.sign(
            petition=on, user=user, choices=choices, origin=Origin(suspicion=suspicion)
        ).outcome

    return one_click


@pytest.fixture
def ask(petition: Petition) -> Callable[..., bool]:
    """Return a way for a visitor to ask."""

    def fill_in(email: str, **fields: Any) -> bool:
        on, key = fields.pop("petition", petition), fields.pop("request_key", None) or uuid4()
        origin = Origin(suspicion=fields.pop("suspicion", ""), network=fields.pop("network", None))
        choices = Choices(**{"name": "Carol Singer", **fields})
        return signing.ask(petition=on, email=email, choices=choices, origin=origin, request_key=key)

    return fill_in


@pytest.fixture
def confirm() -> Callable[..., Outcome]:
    """Return a way to press the button behind the link."""

    def press(signature: Signature, **fields: Any) -> Outcome:
        choices = Choices(**{"name": "Carol Singer", **fields})
        return confirming.confirm(signature=signature, choices=choices, language="en").outcome

    return press
