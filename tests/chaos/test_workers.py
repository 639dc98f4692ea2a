"""Workers die, are stopped, are too slow or meet a mail that can't be made; mail gets through, honestly marked."""

import os
import signal

from tests.chaos import mails, visits
from tests.chaos.crowd import begin
from tests.chaos.doubles import another_worker
from tests.chaos.ground import HOST
from tests.chaos.mails import Ledger
from tests.embedded.launching import is_alive, until

DELIVER = "outbox.tasks.deliver_urgent"
# What one worker sends at a time: one mail in each of its processes.
IN_FLIGHT = 2
RATE = 10
SIGNED = "SELECT count(*) FROM signatures_signature WHERE user_id = %s"


def test_it_loses_nothing_when_workers_are_killed_in_a_fan_out(site, size, seed, proof):
    ledger, number, kills = Ledger(site), size(200, 10_000), size(3, 20)
    petition = site.act("petition", first_goal=number)
    site.act("supporters", petition=petition["id"], number=number)
    orphans = set()
    for at, step in enumerate(sorted(seed.randrange(number * 9 // 10) for _kill in range(kills))):
        until(lambda step=step: len(site.sink.accepted) >= step, f"{step} mails", 180)
        orphans |= _KILLS[at % len(_KILLS)](site, seed)
    until(lambda: not any(map(is_alive, orphans)), "the orphans have gone", 60)
    _finish(site, hurry=not size(0, 1))
    repeats = sum(ledger.repeats().values())
    assert ledger.lost() == set()
    assert ledger.twice_told() == []
    assert ledger.states("kind = 'milestone-supporter'") == {"sent": number}
    assert ledger.unflagged() == set()
    assert repeats <= kills * IN_FLIGHT
    # Under another Message-ID a repeat would be none of ours.
    assert len(site.sink.accepted) == len(ledger.ids()) + repeats
    marked = len(ledger.ids("maybe_duplicate"))
    figure = f"{number:,} of {number:,} arrived, {kills} kills, {repeats} repeats all flagged"
    proof("M3", f"{figure} ({marked} flagged in all)")


def _kill_a_child(site, seed):
    os.kill(seed.choice(sorted(site.worker.family())), signal.SIGKILL)
    return set()


def _kill_the_main_process(site, _seed):
    orphans = site.worker.family()
    site.worker.kill(whole_group=False)
    site.worker.start()
    return orphans


def _kill_the_group(site, _seed):
    site.worker.kill()
    site.worker.start()
    return set()


_KILLS = (_kill_a_child, _kill_the_main_process, _kill_the_group)


def _finish(site, *, hurry):
    """Wait for every mail; the short test does not wait until the leases of the dead run out."""
    if hurry:
        mails.hand_on_what_the_dead_had(site)
    site.until_counted()
    site.until_mailed(240)


def test_it_sends_once_what_takes_longer_than_the_broker_waits(site, size, proof):
    ledger = Ledger(site)
    for part in (site.beat, site.worker):
        part.stop()
    # A bell of another kind that still rings would bring the mail out of the house, and be the one that rings again.
    site.redis().flushdb()
    with another_worker(site, "tests.chaos.hasty_celery") as hasty:
        # Not longer than EMAIL_TIMEOUT: a server that is silent for ten seconds is hung up on.
        site.sink.delay = size(0, 8)
        site.sink.released.clear()
        mails.queue(site, ["carol@example.org"])
        until(lambda: _times_received(hasty) >= 2, "the broker hands the job out again", 30)
        site.sink.released.set()
        site.until_mailed()
    received = _times_received(hasty)
    assert [row[0] for row in ledger.rows("attempts")] == [1]
    assert ledger.is_clean()
    proof(
        "M13",
        f"a job that takes longer, visible again after 2 s, handed out {received} times: one mail",
    )


def _times_received(worker):
    return sum(DELIVER in line and "received" in line for line in worker.log.splitlines())


def test_it_gives_up_a_mail_that_can_not_be_made_and_sends_the_others(site, size, proof):
    ledger, poisons, healthy = Ledger(site), size(2, 10), size(20, 1000)
    mails.queue(
        site, [f"poison-{each}@example.org" for each in range(poisons)], signatures="many", threshold="many"
    )
    mails.queue(site, [f"carol-{each}@example.org" for each in range(healthy)])
    until(lambda: len(ledger.ids("state = 'sent'")) == healthy, "the others are sent", 60)
    until(lambda: _has_given_up(site, ledger, poisons), "given up", 60)
    assert {row[0] for row in ledger.rows("attempts", "state = 'failed'")} == {8}
    reasons = {row[0] for row in ledger.rows("last_error", "state = 'failed'")}
    assert all(reason.startswith("the mail could not be made") for reason in reasons)
    assert ledger.on_the_wire().total() == healthy
    proof("M14", f"{poisons} poison rows given up after 8 tries, {healthy} others sent")


def _has_given_up(site, ledger, number):
    """Be later, as often as it takes."""
    site.sql(
        "UPDATE outbox_message SET due_at = now() WHERE state = 'queued' AND lease_owner IS NULL AND due_at > now()"
    )
    site.act("ring", task=DELIVER)
    return ledger.states()["failed"] == number


def test_it_fails_no_request_and_loses_no_mail_in_rolling_restarts(site, size, proof):
    ledger, restarts, replies = Ledger(site), size(2, 50), []
    petition = site.act("petition", first_goal=10)
    for _restart in range(restarts):
        crowd = _signers(site, petition, seconds=3)
        _reload(site)
        site.worker.restart()
        replies += crowd.replies()
    _settle(site)
    assert {reply.statuses for reply in replies} == {(302,)}
    assert ledger.is_clean()
    figure = (
        f"{restarts} reloads of the web, {restarts} restarts of the worker: {len(replies)} requests, 0 failed"
    )
    proof("M16", f"{figure}; {ledger.on_the_wire().total()} mails, 0 lost")


def test_it_loses_no_mail_when_the_web_server_is_stopped_and_started(site, size, proof):
    ledger, restarts, replies = Ledger(site), size(1, 10), []
    petition = site.act("petition", first_goal=10)
    for _restart in range(restarts):
        crowd = _signers(site, petition, seconds=3, tries=200, pause=0.2)
        site.web.restart()
        replies += crowd.replies()
    _settle(site)
    assert {reply.status for reply in replies} == {302}
    assert ledger.is_clean()
    again = sum(len(reply.statuses) > 1 for reply in replies)
    figure = f"{restarts} stops and starts of the web: {len(replies)} requests, {again} had to be sent again"
    proof("M16", f"{figure}, all done; {ledger.on_the_wire().total()} mails, 0 lost")


def _reload(site):
    """Have the web server exchange its processes, and wait until none of the old ones is left."""
    before = site.web.family()
    os.kill(site.web.pid, signal.SIGHUP)
    until(lambda: not before & site.web.family() and len(site.web.family()) >= len(before), "reloaded", 60)


def _signers(site, petition, *, seconds, **how):
    """Let members sign, and every fifth time a visitor ask for the mail, while a hundred mails are being sent."""
    number = seconds * RATE
    people, hidden = site.act("people", number=number), site.act("stamps", number=number)
    requests = [
        visits.sign(petition, people[at], number=at, after=at / RATE, **how)
        if at % 5
        else visits.ask(petition, people[at]["email"], hidden[at], number=at, after=at / RATE, **how)
        for at in range(number)
    ]
    crowd = begin(site.port, HOST, requests, processes=8)
    until(lambda: site.number(SIGNED, [people[1]["id"]]), "the first has signed", 30)
    site.act("supporters", petition=site.act("petition", first_goal=10)["id"], number=100)
    return crowd


def _settle(site):
    site.until_counted()
    mails.second_round(site)
