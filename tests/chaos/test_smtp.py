"""Mail servers say later, never, or nothing for a long time; each mail gets its due and no other suffers for it."""

import time

import pytest

from outbox.verdicts import DELAYS
from tests.chaos import mails
from tests.chaos.mails import Ledger
from tests.embedded.launching import until

DELIVER = "outbox.tasks.deliver_urgent"
LATER = ("421 4.3.2 closing for a moment", "450 4.2.1 mailbox busy", "451 4.7.1 greylisted")
NEVER = ("550 5.1.1 no such user here", "552 5.2.2 mailbox is full", "554 5.7.1 not wanted here")
CONVERSATION_SECONDS = 30


def test_it_tries_again_after_each_later_at_the_intervals_it_promises(site, size, proof):
    ledger, refusals = Ledger(site), size(2, 6)
    answers = {f"carol-{at}@example.org": [answer] * refusals for at, answer in enumerate(LATER * size(1, 2))}
    for address, told in answers.items():
        site.sink.on_recipient[address] = list(told)
    mails.queue(site, [*answers, "dave@example.org"])
    gaps = _gaps_until_all_are_sent(site, ledger)
    assert set(ledger.rows("to_address, attempts")) == {
        *((address, refusals + 1) for address in answers),
        ("dave@example.org", 1),
    }
    off = max(abs(gap / DELAYS[attempt - 1] - 1) for attempt, gap in gaps)
    assert len(gaps) == refusals * len(answers)
    assert off <= 0.2
    assert ledger.is_clean()
    figure = f"{len(answers)} mails put off {refusals} times each by 421, 450 and 451: all sent at try {refusals + 1}"
    proof("M8", f"{figure}, gaps within {100 * off:.0f} % of the plan")


def _gaps_until_all_are_sent(site, ledger):
    """Note how long each mail is told to wait after each try, and spare it the waiting."""
    gaps, seen = [], {}

    def all_sent():
        for pk, attempts, seconds in ledger.rows(
            "id, attempts, extract(epoch FROM due_at - clock_timestamp())::float",
            "state = 'queued' AND lease_owner IS NULL AND attempts > 0 AND due_at > now()",
        ):
            if seen.get(pk) != attempts:
                seen[pk] = attempts
                gaps.append((attempts, seconds))
                site.sql("UPDATE outbox_message SET due_at = now() WHERE id = %s", [pk])
        site.act("ring", task=DELIVER)
        return not ledger.ids("state <> 'sent'")

    until(all_sent, "all sent", 120)
    return gaps


def test_it_gives_up_at_once_what_a_server_never_takes(site, size, proof):
    ledger, healthy = Ledger(site), size(10, 500)
    answers = {f"mallory-{at}@example.org": answer for at, answer in enumerate(NEVER * size(1, 20))}
    for address, answer in answers.items():
        site.sink.on_recipient[address] = [answer] * 9
    mails.queue(site, [*answers, *(f"carol-{at}@example.org" for at in range(healthy))])
    site.until_mailed()
    dead = ledger.rows("to_address, attempts, last_error", "state = 'failed'")
    assert {to: (attempts, error) for to, attempts, error in dead} == {
        to: (1, each) for to, each in answers.items()
    }
    assert ledger.states() == {"failed": len(answers), "sent": healthy}
    assert ledger.on_the_wire().total() == healthy
    proof(
        "M9",
        f"{len(dead)} dead letters after one try each, with the server's words; {healthy} others arrived",
    )


def test_it_writes_no_more_bulk_mail_to_a_mailbox_that_is_gone(site, size, proof):
    ledger, number = Ledger(site), size(20, 90)
    petition = site.act("petition", first_goal=number + 1)
    site.act("supporters", petition=petition["id"], number=number)
    gone = set(sorted(site.act("withdrawals", petition=petition["id"]))[: number // 10])
    for address in gone:
        site.sink.on_recipient[address] = [NEVER[0]]
    for more in (1, 200):
        site.act("supporters", petition=petition["id"], number=more)
        site.until_counted()
        mails.second_round(site)
    told = {each.to for each in site.sink.of_kind("milestone-supporter")}
    assert len(ledger.ids("state = 'failed'")) == len(gone)
    assert told.isdisjoint(gone)
    assert len(told) == number + 201 - len(gone)
    proof(
        "M9", f"{len(gone)} mailboxes came back: 0 mails to them for the next goal, {len(told)} others told"
    )


def test_it_pauses_everything_when_the_server_refuses_the_sender_and_goes_on_by_itself(site, size, proof):
    ledger, number = Ledger(site), size(20, 500)
    site.sink.on_sender.extend(["550 5.7.1 you may not send from here"] * 1000)
    mails.queue(site, [f"carol-{at}@example.org" for at in range(number)])
    paused = "SELECT reason FROM outbox_pause WHERE is_automatic AND ended_at IS NULL"
    until(lambda: site.sql(paused), "paused", 30)
    assert site.sql(paused)[0][0].startswith("550 5.7.1 you may not send")
    until(lambda: not ledger.ids("lease_owner IS NOT NULL"), "all given back", 30)
    assert ledger.states() == {"queued": number}
    site.sink.behave()
    site.sql("UPDATE outbox_pause SET probe_at = now() WHERE ended_at IS NULL")
    site.until_mailed()
    assert site.sql(paused) == []
    assert {row[0] for row in ledger.rows("attempts")} == {1}
    assert ledger.is_clean()
    proof(
        "M9",
        f"a 5xx for the sender paused everything; then {number} of {number} sent at their first try, by itself",
    )


def test_it_marks_a_mail_whose_fate_the_server_left_open(site, size, proof):
    ledger, drops = Ledger(site), size(2, 20)
    site.sink.cut_once = {f"carol-{at}@example.org" for at in range(drops)}
    mails.queue(site, [f"carol-{at}@example.org" for at in range(drops + 10)])
    until(lambda: _have_arrived(site, ledger), "all sent", 90)
    assert sum(ledger.repeats().values()) == drops
    assert ledger.unflagged() == set()
    assert ledger.ids("maybe_duplicate") == set(ledger.repeats())
    proof("M10", f"{drops} connections cut between DATA and 250: {drops} repeats, each flagged, nothing else")


def _have_arrived(site, ledger):
    """Be later, as often as it takes."""
    site.sql(
        "UPDATE outbox_message SET due_at = now() WHERE state = 'queued' AND lease_owner IS NULL AND due_at > now()"
    )
    site.act("ring", task=DELIVER)
    return not ledger.ids("state <> 'sent'")


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_it_hangs_up_on_a_server_that_takes_for_ever(site, size, proof, where):
    ledger, healthy, full = Ledger(site), size(10, 200), size(0, 1)
    slow = "tarpit@example.org"
    site.sink.tarpits[where].add(slow)
    mails.queue(site, [slow])
    until(lambda: site.sink.stuck, "the slow one is stuck", 30)
    began = time.monotonic()
    mails.queue(site, [f"carol-{at}@example.org" for at in range(healthy)])
    until(lambda: len(ledger.ids("state = 'sent'")) == healthy, "the others are sent", 30)
    passed = time.monotonic() - began
    if not full:
        site.sink.behave()
    until(lambda: not ledger.ids("lease_owner IS NOT NULL"), "hung up", CONVERSATION_SECONDS + 10)
    held = time.monotonic() - began
    site.sink.behave()
    until(lambda: _have_arrived(site, ledger), "all sent", 60)
    assert held < CONVERSATION_SECONDS + 3
    assert len(ledger.ids("maybe_duplicate")) == (where == "DATA")
    assert ledger.lost() == set()
    figure = f"one byte a second at {where}: hung up after {held:.0f} s"
    proof("M10", f"{figure}, {healthy} others sent in {passed:.1f} s meanwhile")
