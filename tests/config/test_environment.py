import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.celery import broker_url
from embedded.environment import SETTINGS

ROOT = Path(__file__).resolve().parents[2]

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
    "TRUSTED_PROXY_COUNT": "1",
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
        ({"TRUSTED_PROXY_COUNT": "-1"}, "TRUSTED_PROXY_COUNT must be 0 or more"),
        ({"TRUSTED_PROXY_COUNT": ""}, "TRUSTED_PROXY_COUNT is not set; say how many proxies stand in front"),
        ({"WEB_CONCURRENCY": ""}, "WEB_CONCURRENCY cannot be read"),
        ({"WEB_CONCURRENCY": "two"}, "WEB_CONCURRENCY cannot be read"),
        ({"WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY must be 1 or more"),
        ({"CELERY_CONCURRENCY": "1.5"}, "CELERY_CONCURRENCY cannot be read"),
        ({"CELERY_CONCURRENCY": "-2"}, "CELERY_CONCURRENCY must be 1 or more"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_REPLICA_URL": "mysql://db/app"}, "DATABASE_REPLICA_URL must begin with postgres://"),
    ],
)
def test_it_refuses_what_is_unsafe(environ, values, sentence):
    environ(**values)
    assert sentence in complaint()


def test_no_proxy_is_said_in_so_many_words(environ):
    environ(TRUSTED_PROXY_COUNT="0")
    assert environment.read().trusted_proxy_count == 0


@pytest.mark.parametrize(("given", "number"), [(None, 2), ("5", 5)])
def test_it_reads_how_many_processes_there_are_to_be(environ, given, number):
    environ(WEB_CONCURRENCY=given, CELERY_CONCURRENCY=given)
    found = environment.read()
    assert (found.web_concurrency, found.celery_concurrency) == (number, number)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("WEB_CONCURRENCY", ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi:application"]),
        ("CELERY_CONCURRENCY", ["celery", "-A", "config.celery", "worker"]),
    ],
)
def test_every_process_ends_with_the_sentence_alone(name, command):
    environ = {**GOOD, "PATH": os.environ["PATH"], name: "0"}
    answer = subprocess.run(
        [sys.executable, "-m", *command], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stderr == f"The environment is not complete:\n{name} must be 1 or more\n"


def test_another_terminal_gets_every_setting_of_the_running_site():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    of_a_server = {"WEB_CONCURRENCY", "CELERY_CONCURRENCY"}
    assert documented - set(SETTINGS) == of_a_server


def test_a_laptop_needs_no_mail_server(environ):
    environ(
        LOCAL="1",
        SITE_URL="http://localhost:8000",
        EMAIL_URL=None,
        OPERATOR_NAME=None,
        CONTACT_EMAIL=None,
        TRUSTED_PROXY_COUNT=None,
    )
    found = environment.read()
    assert (found.email, found.staff_mfa_required, found.trusted_proxy_count) == (None, False, 0)


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
