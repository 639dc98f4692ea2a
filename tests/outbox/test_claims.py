import threading
import uuid
from collections import Counter

import pytest
from django.db import connection

from outbox.delivery import claim, deliver
from outbox.models import Lane, Message, State
from outbox.recording import record, release
from outbox.verdicts import Outcome, Verdict
from tests.outbox.conftest import committed, end_lease

NAMES = [f"p{number:03}" for number in range(200)]
# Notes how durable a change of a mail is meant to be at the moment of its commit.
_WATCH = """
CREATE TEMP TABLE seen_at_commit (how text);
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO seen_at_commit VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER watch AFTER UPDATE ON outbox_message DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
"""


def at_once(count, work):
    """Run the work in threads that start together, each with a connection of its own."""
    barrier = threading.Barrier(count)
    results, faults = [], []

    def run():
        try:
            barrier.wait(timeout=10)
            results.append(work())
        except Exception as fault:  # noqa: BLE001 - shown by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert faults == []
    return results


@committed
def test_two_claims_at_once_never_get_the_same_mail(write):
    write("letter", *NAMES)

    def claim_all():
        mine, owner = [], uuid.uuid4()
        while group := claim(Lane.BULK, 7, owner):
            mine += [message.pk for message in group]
        return mine

    got = Counter(pk for mine in at_once(6, claim_all) for pk in mine)
    assert len(got) == len(NAMES)
    assert set(got.values()) == {1}


@committed
def test_workers_at_once_send_each_mail_once(write, smtp_sink):
    write("letter", *NAMES)
    assert sum(at_once(4, lambda: deliver([Lane.URGENT, Lane.BULK]))) == len(NAMES)
    assert set(Counter(str(mail["To"]) for mail in smtp_sink.mails).values()) == {1}
    assert len(smtp_sink.mails) == len(NAMES)
    assert not Message.objects.exclude(state=State.SENT).exists()


@pytest.mark.django_db
def test_a_claim_counts_and_leases(write):
    [message] = write("note", "carol")
    owner = uuid.uuid4()
    [claimed] = claim(Lane.URGENT, 5, owner)
    assert (claimed.pk, claimed.attempts, claimed.lease_owner) == (message.pk, 1, owner)
    assert not claimed.maybe_duplicate
    assert claim(Lane.URGENT, 5, uuid.uuid4()) == []


@pytest.mark.django_db
def test_a_connection_goes_on_claiming_once_a_newer_version_has_added_a_column(write):
    early, late = write("note", "carol", "dan")
    assert claim(Lane.URGENT, 1, uuid.uuid4()) == [early]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outbox_message ADD COLUMN newer text NOT NULL DEFAULT ''")
    assert claim(Lane.URGENT, 1, uuid.uuid4()) == [late]


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_taken_over_and_flagged(write, smtp_sink):
    [message] = write("note", "carol")
    claim(Lane.URGENT, 1, uuid.uuid4())
    end_lease(message)
    assert deliver([Lane.URGENT]) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.maybe_duplicate) == (State.SENT, 2, True)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["note", "letter"])
@pytest.mark.parametrize("verdict", [Verdict.SENT, Verdict.DROPPED])
def test_an_end_is_recorded_by_one_statement(write, kind, verdict, django_assert_num_queries):
    write(kind, "carol")
    owner = uuid.uuid4()
    [message] = claim(Lane.URGENT, 1, owner) or claim(Lane.BULK, 1, owner)
    with django_assert_num_queries(1):
        record(Outcome(message, verdict), owner)
    message.refresh_from_db()
    assert (message.state, message.lease_owner) == (verdict.value, None)


@committed
def test_nobody_waits_for_the_disk_when_an_end_is_recorded(write):
    write("letter", "carol")
    owner = uuid.uuid4()
    [message] = claim(Lane.BULK, 1, owner)
    with connection.cursor() as cursor:
        cursor.execute(_WATCH)
        # Tests may run on a server that waits for no disk at all.
        cursor.execute("SET synchronous_commit = on")
        record(Outcome(message, Verdict.SENT), owner)
        cursor.execute("SHOW synchronous_commit")
        afterwards = cursor.fetchone()
        cursor.execute("RESET synchronous_commit")
        cursor.execute("SELECT how FROM seen_at_commit")
        assert cursor.fetchall() == [("off",)]
        assert afterwards == ("on",)


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", list(Verdict))
def test_who_lost_the_lease_records_nothing(write, verdict, caplog):
    [message] = write("note", "carol")
    slow, quick = uuid.uuid4(), uuid.uuid4()
    [stale] = claim(Lane.URGENT, 1, slow)
    end_lease(message)
    claim(Lane.URGENT, 1, quick)
    record(Outcome(stale, verdict, "too late"), slow)
    release([stale], slow)
    message.refresh_from_db()
    assert (message.state, message.lease_owner, message.attempts) == (State.QUEUED, quick, 2)
    assert message.last_error == ""
    assert "lease lost" in caplog.text
