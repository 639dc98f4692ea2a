import pytest
from django.core import mail

from outbox import delivery, doorbell, kinds
from outbox.delivery import deliver
from outbox.kinds import Kind
from outbox.models import Lane, Message, State
from outbox.post import message_id_for
from outbox.tasks import deliver_bulk, deliver_urgent
from tests.outbox.conftest import make_due

pytestmark = pytest.mark.django_db
NAMES = [f"p{number:03}" for number in range(60)]


def test_it_sends_and_stamps(smtp_sink, write):
    [message] = write("note", "carol")
    assert deliver([Lane.URGENT]) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.maybe_duplicate) == (State.SENT, 1, False)
    assert message.sent_at >= message.created_at
    assert message.lease_owner is None
    assert smtp_sink.mails[0]["Message-ID"] == message.message_id == message_id_for("note:carol")


def test_it_blanks_secrets_with_the_stamp(smtp_sink, write):
    write("note", "carol")
    deliver([Lane.URGENT])
    assert "123 456" in smtp_sink.mails[0].get_body(("plain",)).get_content()
    assert Message.objects.get().context == {"name": "Carol", "code": "", "title": "Lamps"}


def test_it_sends_nothing_twice(smtp_sink, write):
    write("note", "carol")
    assert [deliver([Lane.URGENT]), deliver([Lane.URGENT])] == [1, 0]
    assert len(smtp_sink.mails) == 1


def test_it_sends_many_over_one_connection_in_the_order_they_became_due(smtp_sink, write):
    write("letter", *NAMES)
    assert deliver([Lane.BULK]) == 60
    assert [str(each["To"]) for each in smtp_sink.mails] == [f"{name}@example.org" for name in NAMES]
    assert smtp_sink.connections == 1


def test_it_sends_urgent_mail_first(smtp_sink, write):
    write("letter", "l1", "l2")
    write("note", "n1", "n2")
    deliver_bulk()
    assert [each["X-Mail-Kind"] for each in smtp_sink.mails] == ["note", "note", "letter", "letter"]


@pytest.fixture
def interrupted(write):
    """Have an urgent mail written while the first of many is being sent."""
    write("letter", *NAMES)
    posted = []

    def post_in_the_middle(_message):
        if not posted:
            posted.extend(write("note", "late"))
        return True

    kinds._kinds["letter"] = Kind(**{**vars(kinds.get("letter")), "still_wanted": post_in_the_middle})


def test_an_urgent_mail_gets_in_between_groups_of_bulk(smtp_sink, interrupted):
    deliver_bulk()
    first_group = delivery.FIRST_GROUP[Lane.BULK]
    assert [each["X-Mail-Kind"] for each in smtp_sink.mails].index("note") == first_group


def test_it_gets_into_the_middle_of_a_group_that_takes_its_time(smtp_sink, interrupted, monkeypatch):
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.0)
    deliver_bulk()
    assert [each["X-Mail-Kind"] for each in smtp_sink.mails].index("note") == 1
    assert len(smtp_sink.mails) == len(NAMES) + 1


def test_it_takes_more_at_a_time_while_groups_go_quickly(smtp_sink, write, monkeypatch):
    groups, claimed = [], delivery.claim
    monkeypatch.setattr(
        delivery, "claim", lambda *args, **how: groups.append(claimed(*args, **how)) or groups[-1]
    )
    write("letter", *NAMES)
    deliver([Lane.BULK])
    # The third group is not full: nothing else waits.
    assert [len(group) for group in groups] == [10, 20, 30]


def test_it_begins_with_few_when_the_server_is_slow(smtp_sink, write, monkeypatch):
    monkeypatch.setattr(delivery, "GROUP_SECONDS", 1e-9)
    groups, claimed = [], delivery.claim
    monkeypatch.setattr(
        delivery, "claim", lambda *args, **how: groups.append(claimed(*args, **how)) or groups[-1]
    )
    monkeypatch.setattr(delivery, "BATCH_SECONDS", 0.2)
    write("letter", *NAMES)
    deliver([Lane.BULK])
    assert {len(group) for group in groups} == {10}


def test_the_urgent_task_leaves_bulk_alone(smtp_sink, write):
    write("letter", "l1")
    deliver_urgent()
    assert smtp_sink.mails == []


def test_it_stops_after_a_batch_and_rings_for_the_rest(smtp_sink, write, bells, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 30)
    write("letter", *NAMES)
    assert deliver([Lane.URGENT, Lane.BULK]) == 30
    assert bells.rung == ["deliver_bulk"]
    assert deliver([Lane.URGENT, Lane.BULK]) == 30
    assert bells.rung == ["deliver_bulk"]


def test_it_gives_untried_mails_back_when_a_group_takes_too_long(smtp_sink, write, monkeypatch):
    monkeypatch.setattr(delivery, "GROUP_SECONDS", -1)
    monkeypatch.setattr(delivery, "BATCH_SECONDS", 0.2)
    write("letter", "l1", "l2")
    assert deliver([Lane.BULK]) == 0
    assert {(each.attempts, each.lease_owner) for each in Message.objects.all()} == {(0, None)}


def test_it_leaves_what_is_not_due(smtp_sink, write):
    [message] = write("note", "carol")
    Message.objects.update(due_at="2099-01-01T00:00Z")
    assert deliver([Lane.URGENT]) == 0
    make_due(message)
    assert deliver([Lane.URGENT]) == 1


def test_it_drops_what_is_not_wanted_any_more(smtp_sink, write):
    kinds.register(
        Kind("stale", "trial/note", secrets=("code",), still_wanted=lambda message: message.pk < 0)
    )
    [message] = write("stale", "carol")
    deliver([Lane.URGENT])
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.context["code"]) == (State.DROPPED, None, "")
    assert smtp_sink.mails == []


def test_it_works_with_any_backend(settings, write):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    write("note", "carol")
    assert deliver([Lane.URGENT]) == 1
    assert mail.outbox[0].to == ["carol@example.org"]


def test_it_does_not_open_a_connection_for_nothing(smtp_sink, db):
    assert deliver([Lane.URGENT, Lane.BULK]) == 0
    assert smtp_sink.connections == 0


def test_it_rings_only_for_what_nobody_has_in_hand(write, bells):
    write("letter", "l1")
    Message.objects.update(leased_until="2099-01-01T00:00Z", lease_owner="0" * 32)
    assert deliver([Lane.BULK]) == 0
    assert bells.rung == []
    assert doorbell.TASKS[Lane.BULK].endswith("deliver_bulk")
