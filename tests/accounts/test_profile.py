"""The profile: name, language, time zone."""

import pytest
from django.core.exceptions import ValidationError

from accounts.names import clean_name
from accounts.preferences import zone_of

PROFILE = "/accounts/profile/"


def test_it_saves(client_of, alice):
    client = client_of(alice)
    answer = client.post(PROFILE, {"name": "Alice M.", "time_zone": "Europe/Lisbon"}, follow=True)
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice M.", "Europe/Lisbon")
    assert "Your profile is saved." in answer.content.decode()


def test_it_offers_the_language_only_where_there_is_a_choice(client_of, alice, settings):
    assert "language" not in client_of(alice).get(PROFILE).context["form"].fields
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    client_of(alice).post(PROFILE, {"name": "", "time_zone": "UTC", "language": "de"})
    alice.refresh_from_db()
    assert (alice.name, alice.language) == ("", "de")


def test_it_refuses_what_does_not_exist(client_of, alice):
    answer = client_of(alice).post(PROFILE, {"name": "Alice", "time_zone": "Mars/Olympus"})
    assert answer.context["form"].errors["time_zone"]


def test_it_shows_a_refused_name_only_in_its_field(client_of, alice):
    answer = client_of(alice).post(PROFILE, {"name": "www.win.example", "time_zone": "UTC"})
    assert answer.content.decode().count("www.win.example") == 1


def test_it_is_private(client, client_of, alice):
    assert client.get(PROFILE).url == f"/accounts/login/?next={PROFILE}"
    assert client_of(alice).get(PROFILE)["Cache-Control"] == "private, no-store"


def test_it_needs_the_token(client_of, alice):
    client = client_of(alice)
    client.handler.enforce_csrf_checks = True
    assert client.post(PROFILE, {"name": "Eve", "time_zone": "UTC"}).status_code == 403


def test_the_folder_leads_to_it(client, db):
    assert client.get("/accounts/").url == PROFILE


def test_it_stands_a_zone_that_is_gone(alice):
    alice.time_zone = "Europe/Atlantis"
    assert str(zone_of(alice)) == "UTC"


@pytest.mark.parametrize(
    "name", ["", "Ana", "J.R. de Vries", "Dr.Meier", "Łucja  Żak", "Jean-Luc O’Neill", "علي", "St. John"]
)
def test_a_name_may_be(name):
    assert clean_name(f" {name} ") == " ".join(name.split())


@pytest.mark.parametrize(
    "name", ["win.com", "http://a", "WWW.x", "go to bit.ly/x", "a@b.example", "x\u2067y"]
)
def test_a_name_may_not_be(name):
    with pytest.raises(ValidationError):
        clean_name(name)
