"""Valkey is only a doorbell: stopped, emptied, frozen or gone at the worst moment, nothing is lost, nobody waits."""

import contextlib
import os
import signal
import time
from urllib.parse import urlencode

import pytest
import redis

from tests.chaos import figures, mails, visits
from tests.chaos.crowd import Request, begin
from tests.chaos.ground import HOST
from tests.chaos.mails import Ledger
from tests.embedded.launching import until

RATE = 10
SIGNED = "SELECT count(*) FROM signatures_signature WHERE petition_id = %s"
UNTOLD = "Couldn't ack"
LOST = "Connection to broker lost"
ASKED = "SELECT count(*) FROM outbox_message WHERE to_address = %s"


@pytest.fixture
def usual(site, size):
    """Return how slow the machine is while nothing is broken; alone on it, nothing is allowed for that."""
    if size(0, 1):
        return 0.0
    return max(reply.seconds for reply in site.crowd(_a_bit_of_everything(site, 2), processes=16))


def test_it_signs_and_mails_through_outages_of_the_broker(site, size, usual, proof):
    ledger, rounds, outage, worker = Ledger(site), size(1, 3), size(2, 30), site.worker.pid
    drained, waits, replies = [], [], []
    for _round in range(rounds):
        crowd, requests, petition = _load(site, seconds=2 * outage + size(2, 30), number=size(100, 2000))
        for way in (_stop, _shut_down, _empty, _restart_twice):
            way(site, petition, outage * RATE)
        returned = time.monotonic()
        heard = crowd.replies()
        site.until_counted(60)
        site.until_mailed(60)
        drained.append(time.monotonic() - returned)
        waits += figures.waits(requests, heard)
        replies += heard
    mails.second_round(site)
    assert {reply.statuses for reply in replies} == {(302,)}
    assert ledger.is_clean()
    assert site.worker.is_running
    assert site.worker.pid == worker
    assert figures.percentile(sorted(waits), 99) < 1 + usual
    assert max(drained) < 60
    figure = f"{len(replies)} of {len(replies)} signed, {figures.in_ms(sorted(waits))} (p50 / p95 / p99)"
    sent = ledger.on_the_wire().total()
    proof(
        "M4",
        f"{4 * rounds} outages: {figure}; {sent} mails, 0 lost, drained {max(drained):.0f} s after the end",
    )


def _load(site, *, seconds, number):
    """Let people sign at a constant rate while many mails wait for the bell."""
    fan_out = site.act("petition", first_goal=100)
    petition = site.act("petition", first_goal=10)
    requests = _signs(site, petition, seconds * RATE)
    crowd = begin(site.port, HOST, requests, processes=16)
    until(lambda: site.number(SIGNED, [petition["id"]]), "the first has signed", 30)
    site.act("supporters", petition=fan_out["id"], number=number)
    return crowd, requests, petition


def _signs(site, petition, number):
    people, hidden = site.act("people", number=number), site.act("stamps", number=number)
    return [
        visits.sign(petition, people[at], number=at, after=at / RATE)
        if at % 4
        else visits.ask(petition, people[at]["email"], hidden[at], number=at, after=at / RATE)
        for at in range(number)
    ]


def _stop(site, petition, signatures):
    site.valkey.stop()
    _until_signed(site, petition, signatures)
    site.valkey.start()


def _shut_down(site, petition, signatures):
    with contextlib.suppress(redis.ConnectionError):
        site.redis().shutdown(nosave=True)
    until(lambda: not site.valkey.is_running, "shut down", 10)
    _until_signed(site, petition, signatures // 2)
    site.valkey.start()


def _empty(site, _petition, _signatures):
    site.redis().flushall()


def _restart_twice(site, _petition, _signatures):
    for _time in range(2):
        site.valkey.restart()


def _until_signed(site, petition, number):
    """Let so many more sign: what lasts is the outage, and that they can is the promise."""
    enough = site.number(SIGNED, [petition["id"]]) + number
    until(lambda: site.number(SIGNED, [petition["id"]]) >= enough, f"{number} more have signed", 120)


@pytest.mark.parametrize("how", ["paused", "frozen"])
def test_it_keeps_nobody_waiting_while_the_broker_hangs(site, size, usual, proof, how):
    seconds, worker = size(3, 30), site.worker.pid
    requests = _a_bit_of_everything(site, seconds)
    if how == "frozen":
        site.valkey.freeze()
    else:
        # Until all have been served, and half as long again.
        site.redis().execute_command("CLIENT", "PAUSE", seconds * 1500, "ALL")
    replies = site.crowd(requests, processes=16)
    site.valkey.thaw()
    slowest = max(reply.seconds for reply in replies)
    assert figures.errors(replies) == 0
    assert slowest < 2 + usual
    site.until_mailed(60)
    assert site.worker.is_running
    assert site.worker.pid == worker
    proof(
        "M5", f"Valkey {how} for {seconds} s: {len(replies)} requests, the slowest {slowest:.2f} s, 0 errors"
    )


def test_it_goes_on_though_the_broker_was_not_told_that_a_job_is_done(site, size, proof):
    ledger, times, worker = Ledger(site), size(3, 40), site.worker.pid
    for _try in range(5 * times):
        end_a_job_while_frozen(site)
        if site.worker.log.count(UNTOLD) >= times:
            break
    site.sink.delay = 0.0
    assert site.worker.log.count(UNTOLD) >= times
    mails.queue(site, ["dora@example.org"])
    site.until_mailed()
    assert ledger.is_clean()
    assert site.worker.is_running
    assert site.worker.pid == worker
    proof("M5", f"{times} jobs done while Valkey was frozen, more than the worker has processes: it goes on")


def end_a_job_while_frozen(site):
    """Freeze the broker until a job has ended; the worker tells it in vain, or has lost the line before and need not."""
    site.sink.delay = 1.0
    mails.queue(site, ["carol@example.org"])
    until(lambda: site.sink.delayed, "a mail is being sent", 30)
    told = [site.worker.log.count(each) for each in (UNTOLD, LOST)]
    site.valkey.freeze()
    try:
        until(lambda: [site.worker.log.count(each) for each in (UNTOLD, LOST)] != told, "told in vain", 15)
    finally:
        site.valkey.thaw()
    site.until_mailed()


def _a_bit_of_everything(site, seconds):
    """Return pages, counts, signatures and log-ins at a constant rate."""
    petition = site.act("petition", first_goal=10)
    requests = _signs(site, petition, seconds * RATE)
    pages = [
        "/",
        "/petitions/",
        petition["path"],
        f"{petition['path']}count.json",
        "/accounts/login/",
        "/readyz",
    ]
    for at in range(0, len(requests), 2):
        requests[at] = Request(pages[at // 2 % len(pages)], after=at / RATE)
    for at in range(1, len(requests), 20):
        requests[at] = _log_in(at, requests[at])
    return requests


def _log_in(number, signing):
    fields = {
        "csrfmiddlewaretoken": visits.TOKEN,
        "login": f"mallory-{number}@example.org",
        "password": "a guess",
    }
    headers = {"Cookie": f"csrftoken={visits.TOKEN}", "X-Forwarded-For": visits.address(number)}
    return Request("/accounts/login/", urlencode(fields), headers, after=signing.after)


def test_it_mails_though_the_web_server_died_before_it_could_ring(site, size, proof):
    ledger, rounds, late, thanked = Ledger(site), size(1, 10), [], 0
    petition = site.act("petition", first_goal=10)
    for number in range(rounds):
        email = f"carol-{number}@example.org"
        reply, committed = _die_between_commit_and_bell(site, petition, email, number)
        assert reply.status in {0, 302}
        thanked += reply.status == 302
        until(lambda email=email: [each for each in site.sink.accepted if each.to == email], "the mail", 60)
        late.append(time.monotonic() - committed)
        site.revive()
    site.until_mailed()
    assert max(late) < 60
    assert ledger.is_clean()
    figure = (
        f"{rounds} times killed between commit and bell, {thanked} of those after the answer: all mails sent"
    )
    proof("M15", f"{figure}, at most {max(late):.1f} s after the commit")


def _die_between_commit_and_bell(site, petition, email, number):
    """Freeze the broker so that the bell hangs, and once the row is there kill whoever rings, and the broker too."""
    request = visits.ask(petition, email, site.act("stamps", number=1)[0], number=number)
    site.valkey.freeze()
    crowd = begin(site.port, HOST, [request], processes=1)
    until(lambda: site.number(ASKED, [email]), "the row", 30)
    committed = time.monotonic()
    for pid in site.web.family():
        os.kill(pid, signal.SIGKILL)
    # What the frozen server has been sent but not read goes with it.
    site.valkey.kill()
    reply = crowd.replies()[0]
    site.valkey.start()
    site.redis().flushall()
    return reply, committed
