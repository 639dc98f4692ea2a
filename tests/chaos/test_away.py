"""PostgreSQL is stopped: people are told so and keep what they typed; afterwards everything goes on by itself."""

import time

from bs4 import BeautifulSoup

from tests.chaos import crowd, visits
from tests.chaos.ground import HOST
from tests.embedded.launching import until

REASON = "My mother walks home there after her night shift.\n\nSo do I."
RECOVERED_WITHIN = 15.0


def fields_of(page):
    hidden = {each["name"]: each["value"] for each in page.select("form input[type=hidden]")}
    return hidden | {
        each["name"]: each.get_text().removeprefix("\n") for each in page.select("form textarea")
    }


def test_what_was_typed_comes_back_and_goes_through_later(site, proof):
    petition, hidden = site.act("petition"), site.act("stamps", number=1)[0]
    request = visits.ask(petition, "carol@example.org", {**hidden, "reason": REASON})
    site.postgres.stop()
    away = crowd.ask(site.port, HOST, request)
    assert (away.status, away.headers["retry-after"]) == (503, "10")
    fields = fields_of(BeautifulSoup(away.body, "html.parser"))
    assert fields["reason"] == REASON
    assert site.get(petition["path"]).status == 503
    site.postgres.start()
    until(lambda: site.get(petition["path"]).status == 200, "the site is back", RECOVERED_WITHIN)
    again = visits.ask(petition, "carol@example.org", fields)
    assert crowd.ask(site.port, HOST, again).status == 302
    until(lambda: site.sink.of_kind("confirm-signature"), "the mail", 30)
    proof("W19 nothing typed is lost without the database", "503, form returned whole, sent again: 302")


def test_web_and_workers_recover_without_a_restart_and_without_a_storm_in_the_log(site, proof):
    petition, people = site.act("petition", first_goal=3), site.act("people", number=40)
    requests = [visits.sign(petition, each, number=at, tries=60) for at, each in enumerate(people)]
    family, said = site.worker.family() | site.web.family(), len(site.worker.log)
    assert {reply.status for reply in site.crowd(requests[:20])} == {302}
    site.postgres.kill()
    until(lambda: "ended early" in site.worker.log[said:], "the worker has noticed", 10)
    site.postgres.start()
    began = time.monotonic()
    assert {reply.status for reply in site.crowd(requests[20:])} == {302}
    site.until_counted(RECOVERED_WITHIN)
    seconds = time.monotonic() - began
    assert seconds < RECOVERED_WITHIN
    assert (
        site.number("SELECT signatures FROM petitions_tally WHERE petition_id = %s", [petition["id"]]) == 40
    )
    assert site.worker.family() | site.web.family() == family
    assert "Traceback" not in site.worker.log[said:] + site.web.log
    proof("M6 web and workers recover by themselves", f"{seconds:.1f} s")
