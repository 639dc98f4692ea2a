"""What decisions in the admin change for everybody."""

import pytest

from signatures.models import State
from tests.signatures.admin.conftest import decide, yes


@pytest.fixture
def read(client, petition):
    """Return a reader of the petition’s public page."""

    def page() -> str:
        return client.get(petition.get_absolute_url()).content.decode()

    return page


def test_a_hidden_reason_is_off_the_page_until_it_is_shown_again(bobs, signature_of, read):
    signature = signature_of(reason="Rude words about somebody.", public=True)
    assert "Rude words" in read()
    bobs.post(decide(signature, "hide-reason"), yes())
    assert "Rude words" not in read()
    assert "Carol Singer" in read()
    bobs.post(decide(signature, "show-reason"), yes())
    assert "Rude words" in read()


def test_a_removed_signature_is_off_the_page_until_it_is_put_back(sues, signature_of, read):
    signature = signature_of(reason="Bought words.", public=True)
    sues.post(decide(signature, "remove"), yes())
    assert "Carol Singer" not in read()
    assert "Bought words." not in read()
    sues.post(decide(signature, "undo-removal"), yes())
    assert "Carol Singer" in read()


def test_a_held_signature_is_on_the_page_once_it_is_released(bobs, signature_of, read):
    signature_of("Dan Other")
    signature = signature_of("Eve Held", state=State.HELD, public=True)
    assert "Eve Held" not in read()
    bobs.post(decide(signature, "release"), yes())
    assert "Eve Held" in read()
