"""The cast and the stage: Alice starts petitions, Bob moderates, Carol signs, Mallory must not."""

import contextlib
import gc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache as kept
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings

from accounts.models import User
from lib import garbage
from outbox import doorbell
from petitions.models import Petition, Reason, Topic
from petitions.services import closing, drafting, moderation
from petitions.services.drafting import Draft
from petitions.services.moderation import Verdict
from petitions.services.moves import locked, move
from petitions.states import Actor, State
from tests import brought, databases, shortcut
from tests.databases import MIGRATED

HERE = Path(__file__).parent
# What starts processes by the dozen, or is judged by how long people wait.
NEED_THE_MACHINE = (HERE / "chaos", HERE / "journeys", HERE / "signatures/races", HERE / "bench/test_run.py")
# What brings up a site of its own for all its tests: one worker does it once.
STAND_ON_THEIR_OWN = (HERE / "deploy", HERE / "embedded", HERE / "lib/test_replica.py")
PLACES = (*NEED_THE_MACHINE, *STAND_ON_THEIR_OWN)
AFTER_PUBLICATION = (State.PUBLISHED, State.CLOSED, State.VICTORY, State.REMOVED)
BODY = "The lamps on the river path go off at ten.\n\nNight-shift workers walk home in the dark."


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Keep the tests that need the machine on one worker: two at once would try its patience, not the site's promises.

    Those that share a site of their own stay together as well, and one after the other, so that it goes with the last;
    so do those of one module there, whether they ask the tests' database or not.
    """
    for item in items:
        place = _place(item.path)
        if place < len(PLACES):
            group = "machine" if place < len(NEED_THE_MACHINE) else PLACES[place].stem
            item.add_marker(pytest.mark.xdist_group(group))
    # The groups are read and the order is drawn meanwhile.
    yield
    modules = {path: number for number, path in enumerate(dict.fromkeys(item.path for item in items))}

    def where(item: pytest.Item) -> tuple[int, int]:
        place = _place(item.path)
        return place, modules[item.path] if place < len(PLACES) else 0

    items.sort(key=where)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no database behind; the process that began the run is the last."""
    if not hasattr(config, "workerinput"):
        with contextlib.suppress(psycopg2.OperationalError), databases.server() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{MIGRATED}"')


@cache
def _place(path: Path) -> int:
    return next((number for number, place in enumerate(PLACES) if path.is_relative_to(place)), len(PLACES))


@pytest.fixture(scope="session")
def migrating() -> Iterator[Any]:
    """Give a cursor on the server; the other workers wait until this one's database is there."""
    with databases.server() as cursor:
        databases.wait_for_migrations(cursor)
        yield cursor


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, migrating: Any):
    """Let a worker copy what another one has migrated."""
    if databases.exists(migrating, MIGRATED):
        connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, migrating: Any):
    """Keep what was migrated for the other workers, and for sites on the same server."""
    connection.close()
    databases.keep_migrated(migrating, connection.settings_dict["NAME"])


@pytest.fixture(autouse=True, scope="session")
def _what_migrations_brought_is_put_back():
    """After each test that commits, and not only before the next of its kind; any other may come in between."""
    emptied, remembered = TransactionTestCase._fixture_teardown, cache(brought.rows)

    def remember(test: type[TransactionTestCase]) -> None:
        if test.serialized_rollback:
            remembered()

    def put_back(test: TransactionTestCase) -> None:
        if test.serialized_rollback:
            brought.put_back(remembered())
        else:
            emptied(test)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(remember))
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_looked_up():
    """Look for a static file when it is asked for; else each test's first request would read through all of them."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_kept_for_a_moment():
    """What one test has counted is not the next one's; the tests of keeping say for how long."""
    with override_settings(PAGE_CACHE_SECONDS=0):
        yield


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_hashed_at_once():
    """A hash that takes a tenth of a second guards people; nobody attacks a test."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(autouse=True, scope="session")
def _garbage_is_looked_for_rarely():
    """What is loaded once stays; else a tenth of the time goes into looking at it again and again."""
    gc.collect()
    gc.freeze()
    garbage.look_rarely()
    gc.enable()


@pytest.fixture(autouse=True)
def _empty_cache():
    kept.clear()


@pytest.fixture(autouse=True)
def _every_bell_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """One test after the other rings sooner than a site's requests do."""
    monkeypatch.setattr(doorbell, "TOGETHER_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def _room_for_many_petitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alice starts more in a test than anybody may in a day; the tests of the limits set them back."""
    monkeypatch.setattr(drafting, "OPEN_DRAFTS_AT_MOST", 1_000)
    monkeypatch.setattr(drafting, "SUBMISSIONS_A_DAY", 1_000)


def person(email: str, name: str, **fields: Any) -> User:
    """Make somebody who has proven an address and has no password."""
    user = User.objects.create_user(email, None, name=name, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def staff(email: str, name: str, group: str) -> User:
    """Make somebody with a role at the desk."""
    user = person(email, name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def alice(db: None) -> User:
    return person("alice@example.org", "Alice Miller")


@pytest.fixture
def bob(db: None) -> User:
    return staff("bob@example.org", "Bob Moderator", "Moderators")


@pytest.fixture
def dora(db: None) -> User:
    """A second moderator."""
    return staff("dora@example.org", "Dora Second", "Moderators")


@pytest.fixture
def sue(db: None) -> User:
    """A senior moderator."""
    return staff("sue@example.org", "Sue Senior", "Senior moderators")


@pytest.fixture
def carol(db: None) -> User:
    return person("carol@example.org", "Carol Singer")


@pytest.fixture
def mallory(db: None) -> User:
    return person("mallory@example.org", "Mallory")


@pytest.fixture
def admin_person(db: None) -> User:
    return person("root@example.org", "Ruth Admin", is_staff=True, is_superuser=True)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Return a maker of clients that are signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backend.Backend")
        return client

    return sign_in


@pytest.fixture
def reason(db: None) -> Reason:
    return Reason.objects.get(code="no-clear-ask")


def draft_by(starter: User, **fields: Any) -> Draft:
    """Return the words of a complete draft."""
    values: dict[str, Any] = {
        "title": "Keep the river path lit until midnight",
        "body": BODY,
        "decision_maker": "Parks Department",
        "topic": Topic.objects.get(slug="parks"),
        "starter_name": starter.name,
    }
    return Draft(**{**values, **fields})


@pytest.fixture
def make_draft(alice: User) -> Callable[..., Petition]:
    """Return a maker of complete drafts."""

    def make(starter: User = alice, **fields: Any) -> Petition:
        return drafting.start(starter=starter, draft=draft_by(starter, **fields), request_key=uuid4())

    return make


@pytest.fixture
def make_submission(make_draft: Callable[..., Petition]) -> Callable[..., Petition]:
    """Return a maker of petitions that were submitted by the service, with the mails that go with it."""

    def make(**fields: Any) -> Petition:
        petition = make_draft(**fields)
        drafting.submit(petition=petition, starter=petition.starter)
        return Petition.objects.with_text().get(pk=petition.pk)

    return make


@pytest.fixture
def make_petition(alice: User, bob: User, reason: Reason) -> Callable[..., Petition]:
    """Return a maker of petitions in any state, without the mails of submitting and approving."""

    def make(state: State = State.PUBLISHED, starter: User = alice, **fields: Any) -> Petition:
        draft = draft_by(starter, **fields)
        if state in AFTER_PUBLICATION:
            pk = shortcut.published(draft, starter=starter, moderator=bob)
        elif state == State.DRAFT:
            pk = drafting.start(starter=starter, draft=draft, request_key=uuid4()).pk
        else:
            pk = shortcut.submitted(draft, starter=starter)
        petition = Petition.objects.with_text().get(pk=pk)
        if state == petition.state:
            return petition
        _move_on(petition, state, by=bob, reason=reason)
        return Petition.objects.with_text().get(pk=pk)

    return make


def _move_on(petition: Petition, state: State, *, by: User, reason: Reason) -> None:
    """Move a submitted or a published petition to a state that is one step away."""

    def refuse(decide: Callable[..., object]) -> Callable[[], object]:
        return lambda: decide(petition=petition, verdict=verdict(petition, by, reasons=[reason]))

    step = {
        State.CHANGES_REQUESTED: refuse(moderation.request_changes),
        State.REJECTED: refuse(moderation.reject),
        State.CLOSED: lambda: closing.close(petition=petition, starter=petition.starter),
        State.VICTORY: lambda: _win(petition),
        State.REMOVED: refuse(moderation.take_down),
    }[state]
    step()


def verdict(petition: Petition, moderator: User, **said: Any) -> Verdict:
    """Return what a moderator says who has the petition before them as it is now."""
    shown = Petition.objects.select_related("version").get(pk=petition.pk)
    return Verdict(**{"moderator": moderator, "version": shown.version, "state": shown.state, **said})


def _win(petition: Petition) -> None:
    """Victory has no page of its own yet; the row may be in that state all the same."""
    move(petition=locked(petition), target=State.VICTORY, actor=Actor.STARTER, by=petition.starter)
