"""Without the database: a plain page, and nothing typed is lost."""

from contextlib import contextmanager

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.petitions.racing import committed

START = "/petitions/start/"
BODY = (
    'The lamps on the river path go off at ten.\n\n"Night-shift" workers </textarea><script>alert(1)</script>'
)
TYPED = {
    "title": "Keep the river path lit until midnight",
    "body": BODY,
    "starter_name": "Alice",
    "first_goal": "100",
    "language": "en",
    "request_key": "0f9e5b3e-7b7a-4b5e-9b7e-2f7f3f0c9a11",
    "csrfmiddlewaretoken": "t" * 64,
}


@contextmanager
def without_database():
    """Let every new connection meet a server that is not there."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host


@pytest.fixture
def away(django_db_blocker):
    with django_db_blocker.unblock(), without_database():
        yield


@pytest.fixture
def visitor(away):
    return Client(raise_request_exception=False)


def page_of(response):
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "no-store" in response["Cache-Control"]
    return BeautifulSoup(response.content, "html.parser")


def fields_of(page):
    hidden = {each["name"]: each["value"] for each in page.select("form input[type=hidden]")}
    texts = {each["name"]: each.get_text().removeprefix("\n") for each in page.select("form textarea")}
    return hidden | texts


@pytest.mark.parametrize(
    "address", ["/", "/petitions/", "/petitions/lamps-1/", "/accounts/login/", "/admin/"]
)
def test_pages_that_need_it_say_so(visitor, address):
    visitor.cookies["sessionid"] = "a" * 32
    page = page_of(visitor.get(address))
    assert page.h1.get_text() == "We are away for a moment."
    assert not page.select("script:not([src])")


def test_what_was_typed_can_be_read_and_sent_again_as_it_was(visitor):
    page = page_of(visitor.post(START, TYPED))
    assert fields_of(page) == TYPED
    assert page.find("textarea", {"name": "body"}).get_text().removeprefix("\n") == BODY
    assert page.find("button", type="submit").get_text() == "Try again"
    assert not page.select("script:not([src])")
    assert not page.form.has_attr("action")


@committed
def test_it_goes_through_once_the_database_is_back(alice, client_of):
    client = client_of(alice)
    client.raise_request_exception = False
    with without_database():
        fields = fields_of(page_of(client.post(START, TYPED)))
    for _twice in range(2):
        assert client.post(START, fields).status_code == 302
    petition = alice.petitions.get()
    assert petition.version.body == BODY


def test_each_choice_of_many_is_carried_along(visitor):
    page = page_of(visitor.post(START, {"topics": ["parks", "schools"]}))
    assert [each["value"] for each in page.select("input[name=topics]")] == ["parks", "schools"]


@pytest.mark.parametrize("name", ["password", "oldpassword", "password1", "code", "credential"])
def test_no_secret_is_shown(visitor, name):
    page = page_of(
        visitor.post(
            reverse("account_login"), {"login": "alice@example.org", name: "hunter2 hunter2 hunter2"}
        )
    )
    assert "hunter2" not in page.prettify()
    assert page.find("button", type="submit") is None
    assert page.find("a", string="Open the form again")


def test_a_form_that_another_site_filled_is_not_shown_as_ours(visitor):
    page = page_of(visitor.post(START, TYPED, HTTP_ORIGIN="https://evil.example"))
    assert page.find("form") is None
    page = page_of(visitor.post(START, TYPED, HTTP_ORIGIN="http://testserver"))
    assert fields_of(page) == TYPED


def test_a_body_too_long_for_a_form_is_not_read(visitor):
    page = page_of(visitor.post("/accounts/login/", {"login": "x" * 600_000}))
    assert page.find("form") is None


def test_a_cut_body_is_no_second_fault(visitor):
    response = visitor.generic("POST", "/accounts/login/", b"--x\r\n", "multipart/form-data; boundary=y")
    assert response.status_code == 503


def test_scripts_get_json(visitor):
    for extra in (
        {"path": "/petitions/lamps-1/count.json"},
        {"path": "/", "HTTP_ACCEPT": "application/json"},
    ):
        response = visitor.get(**extra)
        assert (response.status_code, response["Retry-After"]) == (503, "10")
        assert set(response.json()) == {"error"}


def test_a_part_of_a_page_gets_a_part(visitor):
    response = visitor.get("/petitions/lamps-1/sign/", HTTP_HX_REQUEST="true")
    assert response.status_code == 503
    assert b"<html" not in response.content
    assert b"away for a moment" in response.content


def test_what_needs_no_database_goes_on(visitor):
    assert visitor.get("/healthz").status_code == 200
    assert visitor.get("/readyz").status_code == 503
