"""Alice in her rooms."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from petitions.models import Petition


@pytest.fixture
def alices(alice: User, client_of: Callable[[User], Client]) -> Client:
    """Return Alice's browser."""
    return client_of(alice)


def room(petition: Petition, verb: str = "") -> str:
    """Return the address of the petition's room, or of what is done in it."""
    return f"{petition.get_manage_url()}{verb}{'/' if verb else ''}"


def fresh(petition: Petition) -> Petition:
    """Return the petition as it is now."""
    return Petition.objects.with_text().get(pk=petition.pk)
