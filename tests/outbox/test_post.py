import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy

from outbox.kinds import UnknownKindError
from outbox.models import Lane, Message, State
from outbox.post import Draft, message_id_for, post, post_many

pytestmark = pytest.mark.django_db


def post_note(**changes):
    values = {
        "kind": "note",
        "to": "carol@example.org",
        "language": "en",
        "context": {},
        "dedupe_key": "note:1",
    }
    return post(**{**values, **changes})


def test_it_writes_a_queued_row_by_the_clock_of_the_database():
    assert post_note(context={"name": "Zoë", "list": [1, None, {"x": True}]})
    message = Message.objects.get()
    assert (message.state, message.lane, message.attempts) == (State.QUEUED, Lane.URGENT, 0)
    assert message.context == {"name": "Zoë", "list": [1, None, {"x": True}]}
    assert abs((message.created_at - datetime.now(UTC)).total_seconds()) < 60
    assert message.due_at == message.created_at


def test_it_writes_the_same_key_once():
    assert post_note()
    assert not post_note(to="mallory@example.org")
    assert Message.objects.get().to_address == "carol@example.org"


def test_it_goes_with_the_transaction_of_its_cause():
    with transaction.atomic():
        post_note()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_it_gives_bulk_kinds_their_lane():
    post_note(kind="letter")
    assert Message.objects.get().lane == Lane.BULK


def test_it_writes_many_with_one_insert():
    drafts = [Draft("letter", f"p{n}@example.org", "en", {"n": n}, f"letter:{n}") for n in range(500)]
    with CaptureQueriesContext(connection) as queries:
        assert post_many(drafts) == 500
    assert [query["sql"].partition(" (")[0] for query in queries] == ["EXECUTE post"]
    assert post_many([*drafts[:10], Draft("letter", "new@example.org", "en", {}, "letter:new")]) == 1
    assert post_many([]) == 0


def test_it_writes_a_key_that_comes_twice_in_one_go_once():
    draft = Draft("note", "carol@example.org", "en", {}, "note:1")
    assert post_many([draft, draft]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "carol",
        "@example.org",
        "carol@",
        "a@b.org\nBcc: x@y.org",
        "a@b.org\r",
        "a@b.org, c@d.org",
        "<a@b.org>",
    ],
)
def test_it_refuses_what_is_not_one_plain_address(address):
    with pytest.raises(ValueError, match="plain mail address") as caught:
        post_note(to=address)
    assert address == "" or address not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "is a datetime"),
        (Decimal(1), "is a Decimal"),
        (gettext_lazy("Yes"), "is a __proxy__"),
        ([1, {"x": {1}}], "item 1, key 'x' is a set"),
        (math.nan, "not a finite number"),
        ("a\x00b", "NUL"),
        ({1: "x"}, "has a key that is a int"),
    ],
)
def test_it_says_which_value_cannot_be_stored(value, words):
    with pytest.raises(TypeError, match=words):
        post_note(context={"value": value})


def test_it_refuses_unknown_kinds_and_long_keys():
    with pytest.raises(UnknownKindError, match="registered are: broken, letter, note"):
        post_note(kind="nothing")
    with pytest.raises(ValueError, match="1 to 200"):
        post_note(dedupe_key="k" * 201)


def test_it_derives_the_message_id_from_the_key(settings):
    settings.SITE_URL = "https://petitions.example.org"
    assert message_id_for("a") == message_id_for("a") != message_id_for("b")
    assert message_id_for("a").endswith("@petitions.example.org>")


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"lane": 7},
        {"attempts": -1},
        {"state": "sent"},
        {"sent_at": "2026-01-01T00:00Z"},
        {"leased_until": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_rows_that_make_no_sense(change):
    post_note()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**change)
