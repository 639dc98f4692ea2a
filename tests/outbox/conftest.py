"""Three trial kinds (an urgent note with a secret, a bulk letter, a broken one) and a doorbell that only notes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outbox import asking, delivery, doorbell, kinds
from outbox.kinds import Kind
from outbox.models import Message
from outbox.post import Draft, post_many
from tests.smtp_sink import smtp_sink  # noqa: F401 - a fixture

# Real commits; only our own tables are emptied afterwards, not the rows that other rooms' migrations wrote.
committed = pytest.mark.django_db(transaction=True, available_apps=["outbox"])


class Bells:
    """Stands where Celery would be."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def send_task(self, name: str, **options: Any) -> None:
        self.rung.append(name.rpartition(".")[2])


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> Bells:
    """Note who would have been told."""
    heard = Bells()
    monkeypatch.setattr(doorbell, "current_app", heard)
    doorbell.breaker.reset()
    return heard


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run take its time on a busy machine; the tests of haste set these back."""
    for name in ("BATCH_SECONDS", "GROUP_SECONDS", "LOOK_SECONDS"):
        monkeypatch.setattr(delivery, name, 60.0)
    monkeypatch.setattr(asking, "FRESH_SECONDS", 60.0)


@pytest.fixture(autouse=True)
def _trial_kinds(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    folder = Path(__file__).parent / "templates"
    templates = {**settings.TEMPLATES[0], "DIRS": [folder, *settings.TEMPLATES[0]["DIRS"]]}
    settings.TEMPLATES = [templates]
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(Kind("note", "trial/note", secrets=("code",)))
    kinds.register(
        Kind(
            "letter",
            "trial/letter",
            lane="bulk",
            bulk=True,
            unsubscribe_url=lambda message: f"https://example.org/unsubscribe/{message.pk}/",
        )
    )
    kinds.register(Kind("broken", "trial/broken"))


@pytest.fixture
def write(db: None) -> Callable[..., list[Message]]:
    """Return a maker of queued mails: `write("note", "a", "b")` writes one for each name."""

    def make(kind: str, *names: str, context: dict[str, Any] | None = None) -> list[Message]:
        values = context or {"name": "Carol", "code": "123 456", "title": "Lamps"}
        post_many(Draft(kind, f"{name}@example.org", "en", values, f"{kind}:{name}") for name in names)
        keys = [f"{kind}:{name}" for name in names]
        rows = {message.dedupe_key: message for message in Message.objects.filter(dedupe_key__in=keys)}
        return [rows[key] for key in keys]

    return make


def make_due(*messages: Message) -> None:
    """Let the wait for the next try be over."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(due_at="2026-01-01T00:00Z")


def end_lease(*messages: Message) -> None:
    """Let the lease of a vanished sender be over."""
    leased = Message.objects.filter(pk__in=[message.pk for message in messages], leased_until__isnull=False)
    leased.update(leased_until="2026-01-01T00:00Z")
