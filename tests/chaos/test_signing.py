"""Everybody who signs counts once: crowds, repetitions, cut lines, constant arrivals, moderators in between."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest

from tests.chaos import crowd, figures, spelling, visits
from tests.chaos.conftest import FULL
from tests.chaos.ground import HOST, Acts
from tests.chaos.watching import Watch
from tests.embedded.launching import until

ROWS = "SELECT count(*) FROM signatures_signature WHERE petition_id = %s"
# So many visitors confirm over the end of a petition.
WAVERING = 30
CONFIRMED = f"{ROWS} AND state = 'confirmed'"
TALLY = "SELECT signatures FROM petitions_tally WHERE petition_id = %s"
# Both sides of the promise in one statement, so that nothing can happen in between.
BALANCE = f"""SELECT (SELECT signatures FROM petitions_tally WHERE petition_id = %s)
    + (SELECT coalesce(sum(change), 0) FROM petitions_delta WHERE petition_id = %s) - ({CONFIRMED})"""


def clicks(site, petition, number, **how):
    people = site.act("people", number=number)
    return [visits.sign(petition, person, number=place, **how) for place, person in enumerate(people)]


def test_so_many_people_are_exactly_so_many(site, size, proof):
    """S1 and S6: a crowd signs, others watch the count through every web process."""
    number, petition = size(100, 20_000), site.act("petition", first_goal=1_000_000)
    requests = clicks(site, petition, number)
    with Watch(site, petition) as watch:
        replies = site.crowd(requests, processes=64)
    assert figures.kinds(replies) == {302: number}
    site.until_counted()
    assert site.number(CONFIRMED, [petition["id"]]) == site.number(TALLY, [petition["id"]]) == number
    assert len(watch.by_process) == len(site.web.family())
    assert (watch.decreases, watch.behind) == (0, 0)
    proof("S1", f"{number} of {number} counted, 0 errors, {figures.rate(replies):.0f}/s from 64 processes")
    seen = f"{len(watch.samples)} looks at {watch.rate:.0f} Hz through {len(watch.by_process)} processes"
    proof("S6", f"{seen}: 0 decreases; 0 signatures behind in {len(watch.recounts)} recounts")


def test_one_person_many_times_at_once_is_one(site, size, seed, proof):
    """S2: 64 forms in all spellings of one mailbox, then 64 presses of the button in the mail, round after round."""
    rounds, petition = size(2, 200), site.act("petition", first_goal=1000)
    stamps, pace = iter(site.act("stamps", number=64 * rounds)), 0.5
    numbers = count()
    asks = [
        visits.ask(petition, email, next(stamps), number=next(numbers), after=pace * round_)
        for round_ in range(rounds)
        for email in spelling.of_one_mailbox(f"carol{round_}lamp", 64, seed, foreign=bool(round_ % 2))
    ]
    replies = site.crowd(asks, processes=64)
    assert figures.kinds(replies) == {302: 64 * rounds}
    assert site.number(ROWS, [petition["id"]]) == rounds
    site.until_mailed()
    links = sorted({mail.link for mail in site.sink.of_kind("confirm-signature")})
    assert len(links) == rounds
    presses = [
        visits.confirm(link, after=pace * round_) for round_, link in enumerate(links) for _ in range(64)
    ]
    pressed = site.crowd(presses, processes=64)
    assert set(figures.kinds(pressed)) <= figures.DONE
    assert site.number(ROWS, [petition["id"]]) == site.number(CONFIRMED, [petition["id"]]) == rounds
    proof("S2", f"{rounds} rounds: 1 row each, {len(replies)} + {len(pressed)} friendly replies, 0 errors")


def test_the_same_form_50_times_over_a_bad_line_is_one(site, size, seed, proof):
    """S3: the same request key, four of five replies are never read; one row and one mail."""
    people, petition = size(1, 40), site.act("petition", first_goal=1000)
    forms = site.act("stamps", number=people)
    requests = [
        visits.ask(petition, f"dora-{place}@example.org", form, number=place, cut=bool(attempt % 5))
        for place, form in enumerate(forms)
        for attempt in range(50)
    ]
    seed.shuffle(requests)
    replies = site.crowd(requests, processes=50)
    read = [reply for reply, sent in zip(replies, requests, strict=True) if not sent.cut]
    assert figures.kinds(read) == {302: 10 * people}
    site.until_mailed()
    assert site.number(ROWS, [petition["id"]]) == people
    mails = [mail.to for mail in site.sink.of_kind("confirm-signature")]
    assert len(mails) == len(set(mails)) == people
    assert site.number("SELECT count(*) FROM outbox_message WHERE to_address LIKE 'dora-%'") == people
    proof("S3", f"{people} forms 50 times each, 40 replies cut: {people} rows, {people} mails")


def arrivals(site, petition, rate, seconds, dice):
    """Return members' clicks and, each third one, visitors' forms, arriving at a constant rate whatever happens."""
    number = int(rate * seconds)
    stamps, members = site.act("stamps", number=number // 3 + 1), site.act("people", number=number)
    prefix = f"erin-{dice.randrange(10**9)}"
    return [
        visits.ask(
            petition, f"{prefix}-{place}@example.org", stamps[place // 3], number=place, after=place / rate
        )
        if place % 3 == 2
        else visits.sign(petition, members[place], number=place, after=place / rate)
        for place in range(number)
    ]


def test_two_thousand_a_minute_arrive_and_all_are_served(site, size, seed, proof):
    """S4: the highest rate that is well recorded of any petition site, whether or not the earlier ones were served."""
    rate, seconds, petition = 100 / 3, size(3, 180), site.act("petition")
    requests = arrivals(site, petition, rate, seconds, seed)
    replies = site.crowd(requests, processes=48)
    waits = figures.waits(requests, replies)
    assert figures.kinds(replies) == {302: len(requests)}
    site.until_mailed(120)
    asked = sum("erin-" in (each.body or "") for each in requests)
    assert len(site.sink.of_kind("confirm-signature")) == asked
    proof(
        "S4",
        f"33.3/s for {seconds} s: {len(requests)} done, 0 errors, p50/p95/p99 {figures.in_ms(waits)}, {asked} mails",
    )
    assert seconds < 180 or figures.percentile(waits, 99) < 0.5


def test_the_rate_is_raised_until_people_have_to_wait(site, size, seed, proof):
    """S4, the knee: above it a hundredth wait for longer than half a second; even then nobody gets an error."""
    petition, kept, seconds = site.act("petition", first_goal=1_000_000), "", size(2, 15)
    for rate in size((50,), (50, 75, 100, 125, 150, 200, 250)):
        requests = arrivals(site, petition, rate, seconds, seed)
        replies = site.crowd(requests, processes=64)
        assert figures.kinds(replies) == {302: len(requests)}
        waits = figures.waits(requests, replies)
        if figures.percentile(waits, 99) >= 0.5:
            proof("S4", f"beyond the knee, at {rate}/s: 0 errors, p50/p95/p99 {figures.in_ms(waits)}")
            break
        kept = f"{rate}/s: p50/p95/p99 {figures.in_ms(waits)}"
    proof("S4", f"the highest step with a p99 under 500 ms: {kept or 'none'}")


def test_coming_going_and_being_removed_at_once_keeps_the_balance(site, size, seed, proof):
    """S7: 28 processes sign, withdraw and sign again, 4 remove and put back; each instant the sums agree."""
    steps, petition = size(160, 10_000), site.act("petition", first_goal=1_000_000)
    people = site.act("people", number=64)
    assert figures.kinds(site.crowd([visits.sign(petition, each) for each in people])) == {302: 64}
    rows = dict(
        site.sql("SELECT user_id, id FROM signatures_signature WHERE petition_id = %s", [petition["id"]])
    )
    choices = [visits.sign, lambda _, person: visits.withdraw(rows[person["id"]], person)]
    requests = [seed.choice(choices)(petition, seed.choice(people)) for _ in range(steps)]
    moderators = [Acts(site.settings, site.data.log("acts")) for _ in range(4)]
    busy = {"petition": petition["id"], "steps": steps // 16}
    with ThreadPoolExecutor(4) as threads:
        removals = [
            threads.submit(each.do, "remove_and_put_back", {**busy, "seed": seed.random()})
            for each in moderators
        ]
        coming = crowd.begin(site.port, HOST, requests, processes=28, keep_bodies=False)
        instants = watch_balance(
            site, petition, lambda: coming.is_busy or not all(each.done() for each in removals)
        )
        replies, removed = coming.replies(), sum(each.result() for each in removals)
    for each in moderators:
        each.stop()
    assert figures.kinds(replies) == {302: steps}
    assert set(instants) == {0}
    site.until_counted()
    assert site.number(TALLY, [petition["id"]]) == site.number(CONFIRMED, [petition["id"]])
    assert removed > 0
    proof(
        "S7",
        f"{steps} steps, {removed} removals and returns by 32 processes: the sums agreed at {len(instants)} of {len(instants)} instants",
    )


def watch_balance(site, petition, is_busy):
    """Return by how much tally and open changes were off the recount, at many instants."""
    seen, numbers = [], [petition["id"]] * 3
    while is_busy():
        seen.append(site.number(BALANCE, numbers))
        time.sleep(0.02)
    return seen


def end_soon(site, petition, seconds):
    """Let the petition end in so many seconds by the database's clock; return when."""
    query = """UPDATE petitions_petition SET closes_at = clock_timestamp() + %s * interval '1 second'
        WHERE id = %s RETURNING extract(epoch FROM closes_at)"""
    return float(site.sql(query, [seconds, petition["id"]])[0][0])


@contextlib.contextmanager
def clock_wrong_by(site, seconds):
    """Let the web server believe that it is so many seconds later."""
    right = site.web.program
    wrong = {"DJANGO_SETTINGS_MODULE": "tests.chaos.skewed", "CHAOS_SKEW": str(seconds)}
    site.web.program = replace(right, environ={**right.environ, **wrong})
    site.web.restart()
    yield
    site.web.program = right
    site.web.restart()


@pytest.mark.parametrize("skew", [0, 5, -5] if FULL else [5])
def test_the_last_instant_is_the_database_s(site, size, proof, skew):
    """S8: 32 processes sign over the end; the web server's own clock may be wrong."""
    with clock_wrong_by(site, skew) if skew else contextlib.nullcontext():
        rounds = [sign_over_the_end(site) for _ in range(size(1, 4))]
    signed, refused = (sum(each) for each in zip(*rounds, strict=True))
    says = f"clock of the web server {skew:+d} s" if skew else "all clocks right"
    figure = f"{says}, {len(rounds)} ends: {signed} before, {refused} after; 0 late rows, 0 refused early"
    proof("S8", f"{figure}; {WAVERING * len(rounds)} confirmations over the ends, all counted")


def sign_over_the_end(site):
    """Return how many were signed and how many refused, all of them rightly.

    Visitors who asked before confirm before and after: they have the time of grace.
    """
    petition = site.act("petition", first_goal=1_000_000)
    links = ask_for_links(site, petition)
    requests = clicks(site, petition, 600)
    spread = [replace(each, after=place / 200) for place, each in enumerate(requests)]
    confirming = [visits.confirm(link, after=place * 3 / WAVERING) for place, link in enumerate(links)]
    # Each process sends its share in order, so that nobody's instant waits for that of another.
    together = sorted([*spread, *confirming], key=lambda each: each.after)
    arriving = crowd.begin(site.port, HOST, together, processes=32, keep_bodies=False)
    until(lambda: site.number(ROWS, [petition["id"]]) > 20 + WAVERING, "the first have signed", 60)
    end = end_soon(site, petition, 1.0)
    heard = list(zip(together, arriving.replies(), strict=True))
    confirmed = [reply for sent, reply in heard if sent in confirming]
    assert set(figures.kinds(confirmed)) <= figures.DONE
    assert min(reply.ended for reply in confirmed) < end < max(reply.ended for reply in confirmed)
    visitors = f"{CONFIRMED} AND email LIKE 'waverer-%%'"
    assert site.number(visitors, [petition["id"]]) == WAVERING
    replies = [reply for sent, reply in heard if sent not in confirming]
    assert set(figures.kinds(replies)) == {302, 409}
    late = "AND email NOT LIKE 'waverer-%%' AND confirmed_at >= to_timestamp(%s)"
    assert site.number(f"{ROWS} {late}", [petition["id"], end]) == 0
    refused = [reply for reply in replies if reply.status == 409]
    assert min(reply.ended for reply in refused) >= end
    signed = site.number(ROWS, [petition["id"]]) - WAVERING
    assert signed == len(replies) - len(refused)
    return signed, len(refused)


def ask_for_links(site, petition):
    """Let some visitors ask to sign, and return the links that they are sent."""
    before = len(site.sink.of_kind("confirm-signature"))
    stamps = site.act("stamps", number=WAVERING)
    asks = [
        visits.ask(petition, f"waverer-{petition['id']}-{place}@example.org", stamp, number=place)
        for place, stamp in enumerate(stamps)
    ]
    assert figures.kinds(site.crowd(asks)) == {302: WAVERING}
    until(lambda: len(site.sink.of_kind("confirm-signature")) == before + WAVERING, "the links", 60)
    return [mail.link for mail in site.sink.of_kind("confirm-signature")[before:]]
