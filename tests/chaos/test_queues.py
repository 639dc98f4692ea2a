"""Two workers as systemd's units start them, one for each queue: the urgent never wait for the many."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.chaos import crowd, visits
from tests.chaos.ground import HOST, ROOT, Part, Site
from tests.chaos.mails import Ledger
from tests.embedded.launching import until

UNIT = ROOT / "docs" / "deploy" / "systemd" / "hundred-worker@.service"
MANY = "lane = 1"


def worker_of(site: Site, queue: str) -> Part:
    """Return the unit's own command for one instance of it."""
    found = re.search(r"^ExecStart=(.+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    prefix = site.settings.get("CELERY_QUEUE_PREFIX", "")
    line = found[1].replace("${CELERY_QUEUE_PREFIX}", prefix).replace("${CELERY_CONCURRENCY}", "2")
    celery, *words = line.replace("%i", queue).replace("%%", "%").split()
    assert celery.endswith("/bin/celery")
    log = site.worker.program.log.with_name(f"worker-{queue}.log")
    program = replace(site.worker.program, command=(sys.executable, "-m", "celery", *words), log=log)
    part = Part(queue, program, lambda: part.is_running and " ready" in part.log and len(part.family()) >= 2)
    return part


@pytest.fixture
def workers(site: Site) -> Iterator[tuple[Part, Part]]:
    """Both workers, not started yet, in place of the one that does everything."""
    site.worker.stop()
    two = worker_of(site, "urgent"), worker_of(site, "bulk")
    yield two
    for part in two:
        if part.is_running:
            part.stop()


def announced(site: Site, number: int) -> None:
    """Have a mail written to so many people, here or by a worker that is there already and quicker."""
    ledger, petition = Ledger(site), site.act("petition", first_goal=10)
    site.act("supporters", petition=petition["id"], number=number)
    site.act("announce")
    until(lambda: sum(ledger.states(MANY).values()) == number, "a mail to everybody is written")


def confirmed_and_counted(site: Site, number: int) -> None:
    """Ask as a visitor, press the button in the mail, and see the roll-up take it."""
    petition, hidden = site.act("petition", first_goal=10), site.act("stamps", number=1)[0]
    email = f"visitor-{number}@example.org"
    assert crowd.ask(site.port, HOST, visits.ask(petition, email, hidden, number=number)).status == 302
    until(lambda: link_to(site, email), "the mail", 30)
    assert crowd.ask(site.port, HOST, visits.confirm(link_to(site, email), number=number)).status == 302
    tally = "SELECT signatures FROM petitions_tally WHERE petition_id = %s"
    until(lambda: site.number(tally, [petition["id"]]) == 1, "rolled up", 30)


def link_to(site: Site, email: str) -> str:
    return next((mail.link for mail in site.sink.of_kind("confirm-signature") if mail.to == email), "")


def test_neither_waits_for_the_other_nor_does_its_work(site, workers):
    """Each step finds the workers as the one before has left them: starting one takes longer than what is asked."""
    ledger, (urgent, bulk) = Ledger(site), workers
    _the_urgent_leaves_the_many_alone(site, ledger, urgent, bulk)
    _nobody_waits_for_the_many_whose_worker_hangs(site, bulk)
    urgent.stop()
    _the_worker_for_the_many_does_nothing_else(site, ledger, bulk)


def _the_urgent_leaves_the_many_alone(site, ledger, urgent, bulk):
    announced(site, 30)
    urgent.start()
    confirmed_and_counted(site, 1)
    assert ledger.states(MANY) == {"queued": 30}
    bulk.start()
    site.until_mailed()
    assert ledger.states(MANY) == {"sent": 30}
    assert len(site.sink.of_kind("milestone-supporter")) == 30


def _nobody_waits_for_the_many_whose_worker_hangs(site, bulk):
    announced(site, 30)
    bulk.freeze()
    confirmed_and_counted(site, 2)
    bulk.thaw()
    site.until_counted()
    site.until_mailed()
    assert len(site.sink.of_kind("milestone-supporter")) == 60


def _the_worker_for_the_many_does_nothing_else(site, ledger, bulk):
    announced(site, 30)
    site.act("ring", task="outbox.tasks.deliver_bulk")
    until(lambda: ledger.states(MANY) == {"sent": 90}, "the many are sent", 60)
    petition = site.act("petition", first_goal=10)
    person = site.act("people", number=1)[0]
    assert crowd.ask(site.port, HOST, visits.sign(petition, person)).status == 302
    assert site.number("SELECT count(*) FROM petitions_delta") == 1
    assert "roll_up" not in bulk.log
