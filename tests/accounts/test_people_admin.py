"""People in the admin."""

import pytest
from django.contrib.auth.models import Permission

from accounts import admin as people
from accounts.models import User

PEOPLE = "/admin/accounts/user/"


@pytest.fixture(autouse=True)
def _no_factor(settings):
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def root(client_of, admin_person):
    return client_of(admin_person)


def page_of(user):
    return f"{PEOPLE}{user.pk}/change/"


def test_it_finds_people(root, alice, carol):
    content = root.get(PEOPLE, {"q": "alice"}).content.decode()
    assert alice.email in content
    assert carol.email not in content


def test_it_finds_a_whole_address_in_any_case_and_parts_of_one(root, alice, carol):
    for typed in ("Alice@Example.org", "lice@example"):
        content = root.get(PEOPLE, {"q": typed}).content.decode()
        assert alice.email in content
        assert carol.email not in content


def test_it_looks_at_so_many_of_the_latest_for_a_part(root, alice, carol, monkeypatch):
    monkeypatch.setattr(people, "LOOKED_AT", 1)
    everybody = {
        each: root.get(PEOPLE, {"q": each}).content.decode() for each in ("carol", alice.email, "alice")
    }
    assert carol.email in everybody["carol"]
    assert alice.email in everybody[alice.email]
    assert f">{alice.email}</a>" not in everybody["alice"]


def test_it_adds_by_address_and_they_sign_in_by_code(root, sign_in):
    answer = root.post(f"{PEOPLE}add/", {"email": "New@example.org", "name": "Nora", "is_staff": "on"})
    assert answer.status_code == 302
    nora = User.objects.get(email="new@example.org")
    assert (nora.is_staff, nora.has_usable_password()) == (True, False)
    sign_in(nora)


def test_it_refuses_an_address_twice(root, alice):
    answer = root.post(f"{PEOPLE}add/", {"email": "ALICE@example.org"})
    assert answer.status_code == 200
    assert User.objects.filter(email__iexact=alice.email).count() == 1


def test_it_puts_to_rest_and_never_deletes(root, client_of, alice):
    assert root.post(f"{PEOPLE}{alice.pk}/delete/", {"post": "yes"}).status_code == 403
    root.post(page_of(alice), {"name": "Alice", "language": "en", "time_zone": "UTC"})
    alice.refresh_from_db()
    assert not alice.is_active
    assert "alice" not in client_of(alice).get("/accounts/corner/").content.decode()


def test_it_says_what_is_done_instead_of_deleting(root, alice):
    page = root.get(f"{PEOPLE}{alice.pk}/delete/")
    assert page.status_code == 403
    assert "People are never deleted, because records name them." in page.content.decode()


def test_it_shows_no_password(root, alice):
    alice.set_password("a bridge over the river")
    alice.save()
    content = root.get(page_of(alice)).content.decode()
    assert "argon2" not in content
    assert root.get(f"{PEOPLE}{alice.pk}/password/").status_code in (302, 404)


def test_it_does_not_change_an_address(root, alice):
    root.post(
        page_of(alice), {"email": "eve@example.org", "language": "en", "time_zone": "UTC", "is_active": "on"}
    )
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_nobody_but_an_administrator_gives_roles(client_of, bob):
    bob.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user", "add_user"]))
    client = client_of(bob)
    fields = {"name": "Bob", "language": "en", "time_zone": "UTC", "is_active": "on", "is_superuser": "on"}
    assert client.post(page_of(bob), fields).status_code == 302
    client.post(f"{PEOPLE}add/", {"email": "eve@example.org", "is_staff": "on"})
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.get(email="eve@example.org").is_staff


def test_it_is_closed_to_moderators(client_of, bob):
    assert client_of(bob).get(PEOPLE).status_code == 403


def test_it_shows_no_secret_of_a_factor(root, alice, authenticator):
    app = authenticator(alice)
    factor = alice.authenticator_set.get()
    assert root.get("/admin/mfa/authenticator/", {"q": "alice"}).status_code == 200
    page = root.get(f"/admin/mfa/authenticator/{factor.pk}/change/")
    assert page.status_code == 200
    assert app.secret not in page.content.decode()


def test_it_removes_a_lost_factor(root, alice, authenticator):
    authenticator(alice)
    factor = alice.authenticator_set.get()
    root.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert not alice.authenticator_set.exists()


def test_it_shows_no_key_of_a_session(root):
    assert root.get("/admin/usersessions/usersession/").status_code == 404
