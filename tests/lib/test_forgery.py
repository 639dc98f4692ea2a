"""Who may send a form without a token against forgery: visitors from our own pages, nobody else from anywhere."""

import pytest
from django.conf import settings
from django.test import Client

LOGIN = "/accounts/login/"
OURS = "http://testserver"
TYPED = {"login": "dora@example.org", "password": "not hers"}


@pytest.fixture
def strict(db: None) -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_visitor_from_our_page_may(strict):
    assert strict.post(LOGIN, TYPED, HTTP_ORIGIN=OURS).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://testserver",
        "http://testserver:8000",
        "http://elsewhere.example",
        "http://sub.testserver",
        "http://testserver/",
        "http://testserver.elsewhere.example",
        "http://[",
        "null",
        "",
    ],
)
def test_a_visitor_from_elsewhere_may_not(strict, origin):
    assert strict.post(LOGIN, TYPED, HTTP_ORIGIN=origin).status_code == 403


def test_a_visitor_from_nowhere_may_not(strict):
    assert strict.post(LOGIN, TYPED).status_code == 403


def test_a_name_that_is_not_ours_is_no_origin(strict):
    answer = strict.post(LOGIN, TYPED, HTTP_ORIGIN="http://evil.example", HTTP_HOST="evil.example")
    assert answer.status_code == 400


@pytest.mark.parametrize("session", ["x", ""])
def test_whoever_has_a_session_needs_it(strict, session):
    strict.cookies[settings.SESSION_COOKIE_NAME] = session
    assert strict.post(LOGIN, TYPED, HTTP_ORIGIN=OURS).status_code == 403
