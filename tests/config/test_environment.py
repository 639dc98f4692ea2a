import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.celery import broker_url

GOOD = {
    "SECRET_KEY": "s" * 60,
    "IDENTITY_KEY": "i" * 60,
    "ALLOWED_HOSTS": "petitions.example",
    "SITE_URL": "https://petitions.example/",
    "OPERATOR_NAME": "City of Example",
    "CONTACT_EMAIL": "petitions@city.example",
    "DATABASE_URL": "postgres://app:secret@db.example/app",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "DEFAULT_FROM_EMAIL": "petitions@city.example",
}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch):
    """Return a setter that replaces the whole environment."""

    def put(**values: str | None) -> None:
        chosen = {name: value for name, value in {**GOOD, **values}.items() if value is not None}
        for name in set(os.environ) - set(chosen):
            monkeypatch.delenv(name)
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)

    return put


def complaint() -> str:
    with pytest.raises(ImproperlyConfigured) as raised:
        environment.read()
    return str(raised.value)


def test_it_reads_a_complete_environment(environ):
    environ()
    found = environment.read()
    assert (found.site_url, found.local, found.staff_mfa_required) == (
        "https://petitions.example",
        False,
        True,
    )


def test_it_names_every_missing_value_at_once(environ):
    environ(**dict.fromkeys(GOOD))
    sentence = complaint()
    assert [name for name in GOOD if f"{name} is not set" not in sentence] == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        ({"IDENTITY_KEY": "s" * 60}, "must be two keys"),
        ({"SITE_URL": "http://petitions.example"}, "must begin with https://"),
        ({"SITE_URL": "petitions.example"}, "must begin with https:// and name a host"),
        ({"ALLOWED_HOSTS": "*"}, "without wildcards"),
        ({"ALLOWED_HOSTS": ".example.org"}, "without wildcards"),
        ({"DEBUG": "1"}, "only with LOCAL=1"),
        ({"LOCAL": "1"}, "SITE_URL is petitions.example"),
        ({"LOCAL": "1", "SITE_URL": "http://localhost:8000", "HOST": "0.0.0.0"}, "HOST is 0.0.0.0"),
        ({"RESUBMISSIONS_MAX": "0"}, "RESUBMISSIONS_MAX must be 1 or more"),
        ({"OBJECTION_DAYS": "-1"}, "OBJECTION_DAYS must be 1 or more"),
        ({"TRUSTED_PROXY_COUNT": "many"}, "TRUSTED_PROXY_COUNT cannot be read"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_REPLICA_URL": "mysql://db/app"}, "DATABASE_REPLICA_URL must begin with postgres://"),
    ],
)
def test_it_refuses_what_is_unsafe(environ, values, sentence):
    environ(**values)
    assert sentence in complaint()


def test_a_laptop_needs_no_mail_server(environ):
    environ(
        LOCAL="1", SITE_URL="http://localhost:8000", EMAIL_URL=None, OPERATOR_NAME=None, CONTACT_EMAIL=None
    )
    found = environment.read()
    assert (found.email, found.staff_mfa_required) == (None, False)


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_celery_gets_its_own_spelling_of_redis(redis: str, celery: str):
    assert broker_url(redis) == celery
