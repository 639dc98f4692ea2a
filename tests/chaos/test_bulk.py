"""Mails to many: they never hold up the one that somebody waits for, and stop the moment they are not wanted."""

import time

from tests.chaos import crowd, figures, visits
from tests.chaos.crowd import Request
from tests.chaos.ground import HOST
from tests.chaos.mails import Ledger
from tests.embedded.launching import until

ONE_CLICK = "List-Unsubscribe=One-Click"


def test_it_confirms_at_once_however_many_mails_wait(site, size, proof):
    ledger, number, visitors = Ledger(site), size(2000, 100_000), size(8, 100)
    _announce(site, number)
    site.worker.start()
    until(lambda: ledger.on_the_wire().total() >= 50, "the many are being sent", 60)
    petition, hidden = site.act("petition", first_goal=10), site.act("stamps", number=visitors)
    waits = sorted(_ask_and_wait(site, petition, hidden[at], at) for at in range(visitors))
    left = len(ledger.ids("state = 'queued'"))
    site.worker.stop()
    site.take_back()
    assert left > number // 10
    assert figures.percentile(waits, 95) < 5
    assert not ledger.repeats()
    proof(
        "M11",
        f"{number:,} bulk mails queued: {visitors} confirmations in {figures.in_ms(waits)} (p50 / p95 / p99)",
    )


def _announce(site, number):
    """Have so many mails written while no worker sends any."""
    site.worker.stop()
    petition = site.act("petition", first_goal=10)
    site.act("supporters", petition=petition["id"], number=number)
    written = site.act("announce")
    assert written == number


def _ask_and_wait(site, petition, hidden, at):
    email = f"visitor-{at}@example.org"
    began = time.monotonic()
    assert crowd.ask(site.port, HOST, visits.ask(petition, email, hidden, number=at)).status == 302
    until(lambda: email in {each.to for each in site.sink.of_kind("confirm-signature")}, "the mail", 30)
    return time.monotonic() - began


def test_it_sends_nothing_to_those_who_have_left_meanwhile(site, size, seed, proof):
    ledger, number = Ledger(site), size(60, 2000)
    _announce(site, number)
    waiting = ledger.rows("to_address, context->>'unsubscribe_url', context->>'withdraw_url'", "lane = 1")
    seed.shuffle(waiting)
    leaving = waiting[: number // 2]
    requests = [_leave(site, at, *row) for at, row in enumerate(leaving)]
    assert {reply.status for reply in site.crowd(requests, processes=8)} <= {200, 302}
    site.worker.start()
    site.until_mailed()
    told = {each.to for each in site.sink.of_kind("milestone-supporter")}
    assert told == {row[0] for row in waiting[number // 2 :]}
    assert ledger.states("lane = 1") == {"sent": number - len(leaving), "dropped": len(leaving)}
    assert ledger.lost() == set()
    proof(
        "M17",
        f"{len(leaving)} of {number} left between queueing and sending: 0 mails to them, all others told",
    )


def _leave(site, at, _address, unsubscribe, withdraw):
    """One mail program unsubscribes by one click, the next person withdraws the signature."""
    if at % 2:
        return visits.confirm(withdraw, number=at)
    return Request(visits.path(unsubscribe), ONE_CLICK)


def test_it_puts_a_way_out_on_every_bulk_mail_and_on_no_other(site, size, proof):
    ledger = Ledger(site)
    petition, hidden = site.act("petition", first_goal=10), site.act("stamps", number=1)
    site.act("submission")
    site.act("ring", task="petitions.tasks.alert_moderators")
    assert site.crowd([visits.ask(petition, "carol@example.org", hidden[0])])[0].status == 302
    member = site.act("people", number=1)[0]["email"]
    assert site.crowd([visits.ask_for_code(member)])[0].status == 302
    site.act("supporters", petition=petition["id"], number=size(20, 1000))
    until(lambda: ledger.ids("kind = 'milestone-supporter'"), "announced", 30)
    site.until_mailed()
    bulk = ledger.ids("lane = 1")
    ways = {each.message_id: _way_out(each.headers) for each in site.sink.accepted}
    assert {each for each, way in ways.items() if way} == bulk
    assert site.sink.of_kind("account-login-code")
    assert all(post == ONE_CLICK for _url, post in filter(None, ways.values()))
    _check_the_click(site, ledger, ways)
    others = len(ways) - len(bulk)
    proof(
        "M18",
        f"both headers on {len(bulk)} of {len(bulk)} bulk mails and 0 of {others} others; the click needs no cookie",
    )


def _way_out(headers):
    """Return both headers of unsubscribing, or nothing where there is none of them."""
    url, post = headers.get("list-unsubscribe", ""), headers.get("list-unsubscribe-post", "")
    return (url.strip("<>"), post) if url or post else None


def _check_the_click(site, ledger, ways):
    """Look at the page, which changes nothing, and click once, without a cookie."""
    message_id, (url, _post) = next((each, way) for each, way in ways.items() if way)
    signature = ledger.rows("(context->>'signature')::bigint", f"message_id = '{message_id}'")[0][0]
    wants = "SELECT updates FROM signatures_signature WHERE id = %s"
    assert crowd.ask(site.port, HOST, Request(visits.path(url))).status == 200
    assert site.sql(wants, [signature]) == [(True,)]
    assert crowd.ask(site.port, HOST, Request(visits.path(url), ONE_CLICK)).status == 200
    assert site.sql(wants, [signature]) == [(False,)]
