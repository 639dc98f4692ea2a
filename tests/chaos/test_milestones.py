"""Each goal is recorded once and told once to each who wants to know, whoever races past it."""

from contextlib import ExitStack

from tests.chaos import crowd, mails, visits
from tests.chaos.doubles import another_beat, another_worker
from tests.chaos.ground import HOST
from tests.chaos.mails import Ledger
from tests.embedded.launching import until

GOALS = (25, 50, 100)
PROCESSES = 64
# On each petition so many have signed and waver, so many are new; the rest of the way is filled at one stroke.
WAVERING, NEW = 10, 11
AT_ONCE = 4
# So many crowds may be gone before those who count and announce are rung a second time.
GONE_TOO_SOON = 5
SIGNED = "SELECT count(*) FROM signatures_signature"
ROLL_UP, ANNOUNCE = "signatures.tasks.roll_up", "signatures.tasks.announce"


def test_it_tells_of_each_goal_once_when_64_race_past_it(site, size, seed, proof):
    ledger, rounds = Ledger(site), size(1, 34)
    raced = _races(site, seed, rounds)
    site.until_counted()
    mails.second_round(site)
    told = sum(_check_goals(site, petition) for petitions, _rings in raced for petition in petitions)
    assert ledger.twice_told() == []
    assert ledger.is_clean()
    mailed = len(ledger.rows("id", "kind = 'milestone-supporter'"))
    rings = sum(rings for _petitions, rings in raced)
    figure = f"{told} goals of {len(GOALS) * len(raced)} petitions raced past, counted and announced {rings} times meanwhile"
    proof("M1", f"{figure}: {told} rows, {mailed} mails, none twice")


def _races(site, seed, rounds):
    """Race until so many crowds were still there when those who count and announce had heard the first rings."""
    raced = []
    while sum(rings > AT_ONCE for _petitions, rings in raced) < rounds:
        assert len(raced) < rounds + GONE_TOO_SOON
        raced.append(_race(site, seed))
    return raced


def _race(site, seed):
    """Carry a petition of each first goal past it, while others withdraw and sign again at that very point.

    Return the petitions, and how often those who count and announce were rung while the crowd was there.
    """
    petitions = [site.act("petition", first_goal=goal) for goal in GOALS]
    waverers = [site.act("people", number=WAVERING) for _each in petitions]
    site.crowd(_signs(petitions, waverers), processes=8)
    for petition, goal in zip(petitions, GOALS, strict=True):
        site.act("supporters", petition=petition["id"], number=goal - WAVERING - 4)
    rows = _steps(site, petitions, waverers)
    for row in rows:
        # Each column is one person's browser, whose clicks keep their order.
        row.append(visits.count(seed.choice(petitions)))
    requests = [request for row in rows for request in row]
    signed = site.number(SIGNED)
    coming = crowd.begin(site.port, HOST, requests, processes=PROCESSES)
    until(lambda: site.number(SIGNED) > signed, "the first of the crowd has signed", 60)
    rings = _ring_while(site, coming)
    assert {reply.status for reply in coming.replies()} <= {200, 302}
    return petitions, rings


def _ring_while(site, coming):
    """Have it counted and announced by several at once, again and again until the crowd has gone; return how often."""
    rings = 0
    while coming.is_busy:
        for task in (ROLL_UP, ANNOUNCE):
            site.act("ring", task=task, times=AT_ONCE)
        rings += AT_ONCE
        until(lambda: site.redis().llen("urgent") < AT_ONCE, "the rings are heard", 60)
    return rings


def _signs(petitions, people):
    each = zip(petitions, people, strict=True)
    return [visits.sign(petition, person) for petition, group in each for person in group]


def _steps(site, petitions, waverers):
    """Return four rows of 63 clicks: the wavering go back and forth, everybody new signs."""
    links = [site.act("withdrawals", petition=petition["id"]) for petition in petitions]
    back, forth = [], []
    for petition, group, by in zip(petitions, waverers, links, strict=True):
        back += [visits.confirm(by[person["email"]]) for person in group]
        forth += [visits.sign(petition, person) for person in group]
    fresh = [_signs(petitions, [site.act("people", number=NEW) for _each in petitions]) for _row in range(4)]
    return [[*wavering, *new] for wavering, new in zip((back, forth, back, forth), fresh, strict=True)]


def _check_goals(site, petition):
    """Check that all goals below the count are recorded once, and that no mail is about two; return how many."""
    query = "SELECT threshold FROM signatures_milestone WHERE petition_id = %s ORDER BY threshold"
    recorded = [row[0] for row in site.sql(query, [petition["id"]])]
    count = site.number("SELECT signatures FROM petitions_tally WHERE petition_id = %s", [petition["id"]])
    first = site.number("SELECT first_goal FROM petitions_petition WHERE id = %s", [petition["id"]])
    assert recorded == [rung for rung in sorted({first, 100, 200, 500, 1000, 1500}) if first <= rung <= count]
    return len(recorded)


def test_it_records_every_goal_of_a_burst_and_mails_for_the_highest(site, size, proof):
    ledger, bursts = Ledger(site), (130, 900) if size(0, 1) else (130, 100)
    petitions = [site.act("petition", first_goal=goal) for _round in range(size(1, 2)) for goal in GOALS]
    for burst in bursts:
        for petition in petitions:
            site.act("supporters", petition=petition["id"], number=burst)
        site.until_counted()
        mails.second_round(site)
    recorded = sum(_check_goals(site, petition) for petition in petitions)
    announced = _announced(site, petitions)
    highest = [100, 1000] if size(0, 1) else [100, 200]
    assert announced == {petition["id"]: highest for petition in petitions}
    assert ledger.twice_told() == []
    assert ledger.is_clean()
    told = len(ledger.rows("id", "kind = 'milestone-supporter'"))
    assert told == len(petitions) * (bursts[0] + sum(bursts))
    proof(
        "M2",
        f"{recorded} goals recorded in {2 * len(petitions)} bursts, each burst mailed once: {told} mails",
    )


def _announced(site, petitions):
    query = """SELECT petition_id, array_agg(threshold ORDER BY threshold) FROM signatures_announcement a
        JOIN signatures_milestone m ON m.id = a.milestone_id WHERE petition_id = ANY(%s) GROUP BY 1"""
    return dict(site.sql(query, [[petition["id"] for petition in petitions]]))


def test_it_does_each_periodic_thing_once_with_two_beats_and_two_workers(site, size, proof):
    ledger, times = Ledger(site), size(4, 50)
    # Whoever was told within the hour would not be told again.
    site.sql("UPDATE petitions_moderatoralert SET told_at = told_at - interval '2 hours'")
    with ExitStack() as stack:
        stack.enter_context(another_beat(site))
        stack.enter_context(another_worker(site))
        closing = site.act("petition", first_goal=25, closes_in=1)
        reached = site.act("petition", first_goal=25)
        site.act("submission")
        site.act("supporters", petition=reached["id"], number=size(120, 2000))
        for task in site.act("periodic"):
            site.act("ring", task=task, times=times)
        closed = "SELECT count(*) FROM petitions_transition WHERE petition_id = %s AND target = 'closed'"
        until(lambda: site.number(closed, [closing["id"]]), "closed", 240)
        until(lambda: ledger.ids("kind = 'moderation-waiting'"), "the moderators are told", 240)
        site.until_counted()
        mails.second_round(site)
        until(lambda: not site.redis().llen("urgent"), "every ring heard", 240)
    assert site.number(closed, [closing["id"]]) == 1
    assert len(ledger.ids("kind = 'moderation-waiting'")) == _moderators(site)
    assert ledger.twice_told() == []
    assert ledger.is_clean()
    sent = sum(ledger.on_the_wire().values())
    proof(
        "M12",
        f"2 beats, 2 workers, each task {times} times at once: every effect once, {sent} mails, none twice",
    )


def _moderators(site):
    return site.number("SELECT count(DISTINCT user_id) FROM accounts_user_groups")
