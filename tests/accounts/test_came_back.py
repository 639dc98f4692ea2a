"""Mails that came back, as the person and an administrator see them."""

import pytest
from allauth.account.models import EmailAddress

from outbox.models import Suppression

ANSWER = "550 5.1.1 nobody here"


@pytest.fixture
def came_back(db):
    """Return a way to let mails to an address have come back."""
    return lambda address: Suppression.objects.create(address=address, answer=ANSWER, kind="letter")


def test_the_profile_says_so(client_of, alice, came_back):
    client = client_of(alice)
    assert "came back" not in client.get("/accounts/profile/").content.decode()
    came_back("alice@example.org")
    page = client.get("/accounts/profile/").content.decode()
    assert "Mails to your address came back" in page
    assert ANSWER not in page


def test_another_persons_profile_does_not(client_of, carol, came_back):
    came_back("alice@example.org")
    assert "came back" not in client_of(carol).get("/accounts/profile/").content.decode()


def test_an_administrator_sees_the_answer_and_lifts_it(client_of, admin_person, alice, came_back, settings):
    settings.STAFF_MFA_REQUIRED = False
    root, url = client_of(admin_person), f"/admin/accounts/user/{alice.pk}/change/"
    assert "Nothing came back." in root.get(url).content.decode()
    EmailAddress.objects.create(user=alice, email="second@example.org")
    row = came_back("second@example.org")
    page = root.get(url).content.decode()
    assert ANSWER in page
    assert f"/admin/outbox/suppression/{row.pk}/delete/" in page
    root.post(f"/admin/outbox/suppression/{row.pk}/delete/", {"post": "yes"})
    assert "Nothing came back." in root.get(url).content.decode()
