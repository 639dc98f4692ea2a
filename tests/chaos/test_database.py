"""The database dies, has no connection left, or no space: who signs is told so, and what was promised is there."""

import contextlib
import signal
import time

import psycopg2

from tests.chaos import crowd, figures, mails, small_disk, visits
from tests.chaos.ground import HOST
from tests.chaos.mails import Ledger
from tests.embedded.launching import until

RECOVERED_WITHIN = 15.0
# No signature opens so many: it has one row in each of some tables and indexes.
PAGES_OF_A_SIGNATURE = 64
VISITOR = "erin-"
ROWS = "SELECT count(*) FROM signatures_signature WHERE petition_id = %s"
TALLY = "SELECT signatures FROM petitions_tally WHERE petition_id = %s"
PLACES = """
SELECT current_setting('max_connections')::int
     - current_setting('superuser_reserved_connections')::int - current_setting('reserved_connections')::int"""
BACKENDS = "FROM pg_stat_activity WHERE backend_type = 'client backend'"


def clicks(site, petition, number, **how):
    people = site.act("people", number=number)
    return [visits.sign(petition, person, number=place, **how) for place, person in enumerate(people)]


def test_it_is_killed_under_load_and_nothing_acknowledged_is_lost(site, size, proof):
    """M6: the postmaster is told to quit at once, and started again, while people sign at a constant rate."""
    ledger, times, petition = Ledger(site), size(1, 3), site.act("petition", first_goal=1_000_000)
    requests, whose = arrivals(site, petition, rate=size(10, 20), seconds=12 * times + 6)
    arriving = crowd.begin(site.port, HOST, requests, processes=24, keep_bodies=True)
    until(lambda: site.number(ROWS, [petition["id"]]) > 10, "the first have signed", 60)
    recoveries = [kill_and_measure(site, petition) for _ in range(times)]
    replies = arriving.replies()
    assert set(figures.kinds(replies)) == {302, 503}, faults_in(site.web.log)
    refused = [reply for reply in replies if reply.status == 503]
    assert all(figures.is_clean_503(reply) for reply in refused)
    rows = {
        row[0]
        for row in site.sql("SELECT email FROM signatures_signature WHERE petition_id = %s", [petition["id"]])
    }
    thanked = {email for email, reply in zip(whose, replies, strict=True) if reply.status == 302}
    assert thanked - rows == set()
    site.until_counted()
    slowest = [max(each) for each in zip(*recoveries, strict=True)]
    assert max(slowest) < RECOVERED_WITHIN
    repeats = repeats_among(site, ledger, {email for email in thanked if email.startswith(VISITOR)})
    signed, rolled, mailed = slowest
    proof(
        "M6",
        f"{times} times: {len(thanked)} thanked, 0 of them lost, {len(refused)} clean 503 ({len(rows - thanked)} of them "
        f"had signed all the same); at most {signed:.1f} s to a signature, {rolled:.1f} s to a roll-up, {mailed:.1f} s to a mail; "
        f"{len(ledger.ids())} mails, 0 lost, {repeats} repeats all flagged",
    )


def repeats_among(site, ledger, visitors):
    """Wait until all is mailed, to the visitors who were thanked as well; return how many came again, each flagged."""
    mails.hand_on_what_the_dead_had(site)
    site.until_mailed()
    assert visitors
    assert visitors - {row[0] for row in ledger.rows("to_address")} == set()
    assert visitors - {mail.to for mail in site.sink.of_kind("confirm-signature")} == set()
    assert ledger.lost() == set()
    assert ledger.unflagged() == set()
    repeats = sum(ledger.repeats().values())
    assert len(site.sink.accepted) == len(ledger.ids()) + repeats
    return repeats


def faults_in(log):
    """Return what the web server said of its own faults, without the outages."""
    return [line for line in log.splitlines() if '"status": 500' in line or "Traceback" in line][:3]


def arrivals(site, petition, rate, seconds):
    """Return clicks and, each third one, visitors' forms, at a constant rate, with the address of each."""
    number = rate * seconds
    stamps, members = site.act("stamps", number=number), site.act("people", number=number)
    people = [
        {**member, "email": f"{VISITOR}{place}@example.org", "visits": True} if place % 3 == 2 else member
        for place, member in enumerate(members)
    ]
    requests = [
        visits.ask(petition, person["email"], stamps[place], number=place, after=place / rate)
        if "visits" in person
        else visits.sign(petition, person, number=place, after=place / rate)
        for place, person in enumerate(people)
    ]
    return requests, [person["email"] for person in people]


def kill_and_measure(site, petition):
    """Return how many seconds after the server's return the first signature, roll-up and mail came."""
    site.postgres.stop(signal.SIGQUIT)
    until(lambda: site.get(petition["path"]).status == 503, "people are told", 30)
    site.postgres.start()
    back, by_the_clock = time.monotonic(), time.time()
    tally = site.number(TALLY, [petition["id"]])
    newest = f"{ROWS} AND confirmed_at > to_timestamp(%s)"
    first = {
        "signature": lambda: site.number(newest, [petition["id"], by_the_clock]),
        "roll-up": lambda: site.number(TALLY, [petition["id"]]) > tally,
        "mail": lambda: any(mail.at > back for mail in site.sink.of_kind("confirm-signature")),
    }
    seconds = []
    for what, condition in first.items():
        until(condition, f"the first {what}", RECOVERED_WITHIN)
        seconds.append(time.monotonic() - back)
    return seconds


def test_without_a_free_connection_people_are_told_and_can_sign_later(site, size, proof):
    """M7: somebody else holds every connection that the server has."""
    number, petition = size(16, 300), site.act("petition")
    requests = clicks(site, petition, number)
    with every_connection_held(site) as held:
        replies = site.crowd(requests, processes=16, keep_bodies=True)
        assert figures.kinds(replies) == {503: number}
        assert all(figures.is_clean_503(reply) for reply in replies)
        with held[0].cursor() as cursor:
            cursor.execute(ROWS, [petition["id"]])
            assert cursor.fetchone() == (0,)
    freed = time.monotonic()
    until(
        lambda: crowd.ask(site.port, HOST, requests[0]).status == 302, "the first can sign", RECOVERED_WITHIN
    )
    seconds = time.monotonic() - freed
    assert figures.kinds(site.crowd(requests, processes=16)) == {302: number}
    site.until_counted(RECOVERED_WITHIN)
    assert site.number(TALLY, [petition["id"]]) == site.number(ROWS, [petition["id"]]) == number
    proof(
        "M7",
        f"{len(held)} of {len(held)} connections held: {number} clean 503, 0 rows; {seconds:.1f} s after, all {number} signed",
    )


@contextlib.contextmanager
def every_connection_held(site):
    """Take the connections of web and workers away from them, and every free one."""
    held = []
    try:
        until(lambda: is_the_last_one_taken(site, held), "nobody else has a connection", 60)
        yield held
    finally:
        for connection in held:
            connection.close()


def is_the_last_one_taken(site, held):
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            held.append(psycopg2.connect(site.settings["DATABASE_URL"], connect_timeout=5))
            held[-1].autocommit = True
    ours = [connection.info.backend_pid for connection in held]
    with held[0].cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {BACKENDS} AND pid <> ALL(%s)", [ours])
        # That nobody else is in sight tells nothing: whoever was sent away may have left a place a moment ago.
        cursor.execute(PLACES)
        return cursor.fetchone() == (len(held),)


def _until_one_fits(site, disk, request):
    """Send it until it is taken: where the last pages happen to be full, one page more after each refusal."""
    replies = site.crowd(request, keep_bodies=True)
    while replies[-1].status != 302:
        assert len(replies) <= PAGES_OF_A_SIGNATURE
        disk.give_a_page()
        replies += site.crowd(request, keep_bodies=True)
    return replies


def test_on_a_full_disk_people_are_told_and_can_sign_later(site, size, proof):
    """M7: the file system that holds the tables has no byte left, and then it has."""
    number, petition = size(60, 1500), site.act("petition", first_goal=1_000_000)
    requests = clicks(site, petition, number)
    with small_disk.with_tables_of(site) as disk:
        assert figures.kinds(site.crowd(requests[:1])) == {302: 1}
        disk.fill()
        replies = _until_one_fits(site, disk, requests[1:2])
        replies += site.crowd(requests[2:], processes=16, keep_bodies=True)
        full = figures.kinds(replies)
        assert set(full) == {302, 503}
        assert "No space left on device" in site.postgres.log
        assert all(figures.is_clean_503(reply) for reply in replies if reply.status == 503)
        assert site.number(ROWS, [petition["id"]]) == 1 + full[302]
        disk.free()
        again = site.crowd(requests, processes=16)
        assert figures.kinds(again) == {302: number}
        site.until_counted(RECOVERED_WITHIN)
        assert site.number(TALLY, [petition["id"]]) == site.number(ROWS, [petition["id"]]) == number
    proof(
        "M7",
        f"full disk: {full[302]} still fitted in, {full[503]} clean 503, 0 rows of those; with space all {number} signed",
    )
