"""Is the site of use."""

import pytest
from django.db import connection
from django.db.utils import OperationalError

from lib.health import Reading
from outbox.models import Beat


@pytest.fixture
def readings(monkeypatch):
    def say(**readings):
        monkeypatch.setattr("lib.health.read", lambda: readings)

    return say


def test_it_reports_every_check(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    checks = response.json()["checks"]
    assert {"database", "redis", "outbox", "beat"} <= checks.keys()
    assert checks["database"]["ok"] is True
    assert checks["redis"]["ok"] is True


def test_it_is_degraded_without_a_beat(client, db):
    Beat.objects.all().delete()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


@pytest.mark.parametrize(
    ("reading", "status", "code"),
    [
        (Reading(ok=True, essential=True), "ok", 200),
        (Reading(ok=False, figures={"lag": 3}), "degraded", 200),
        (Reading(ok=False, essential=True), "down", 503),
    ],
)
def test_it_is_down_only_without_something_essential(client, readings, reading, status, code):
    readings(one=reading, two=Reading(ok=True))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (code, status)
    assert response.json()["checks"]["one"] == {"ok": reading.ok, **reading.figures}


def test_it_is_down_without_the_database(client, db, monkeypatch):
    def away(*_args, **_named):
        raise OperationalError("connection to server on socket failed: secret path")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "down")
    assert response.json()["checks"]["database"] == {"ok": False, "fault": "OperationalError"}


def test_it_is_degraded_without_redis(client, db, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock?db=0"}
    }
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["redis"]["ok"]) == (200, False)


def test_it_refuses_post(client, db):
    assert client.post("/readyz").status_code == 405
