"""A wave of made-up signatures goes while people sign, the worker is killed in the middle, and all of it comes back."""

import json
from contextlib import contextmanager

import psycopg2

from tests.chaos import crowd, figures, visits
from tests.chaos.ground import HOST
from tests.embedded.launching import until

WAVE, MEANT = "example.org", "neighbours.example"
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%%signatures_signature%%UPDATE'"""
# All that is kept of a signature, but for when it was changed last.
CONTENTS = """SELECT md5(string_agg((to_jsonb(s) - 'changed_at')::text, '' ORDER BY id)) FROM signatures_signature s
    WHERE petition_id = %s AND email_domain = %s"""


def test_a_wave_goes_while_people_sign_and_comes_back_whole(site, size, proof):
    number, signers, rate = size(1_200, 50_000), size(66, 1_980), 33
    petition = site.act("petition", first_goal=10_000_000)
    site.act("supporters", petition=petition["id"], number=number, updates=False)
    people = site.act("people", number=3 * signers, domain=MEANT)
    before = site.sql(CONTENTS, [petition["id"], WAVE])
    quiet = _sign(site, petition, people[:signers], rate).replies()

    signing = _sign(site, petition, people[signers : 2 * signers], rate)
    removal = site.act("start_removal", petition=petition["id"], domain=WAVE)
    _kill_half_way(site, petition, "removal_id IS NULL")
    _until_stage(site, removal, "done")
    meanwhile = signing.replies()
    assert _counted(site, petition) == 2 * signers
    assert site.sql("SELECT taken, put_back FROM signatures_removal WHERE id = %s", [removal]) == [
        (number, 0)
    ]
    assert f"{number:,} signatures were removed" in site.get(petition["path"]).body
    assert site.audit() == []

    signing = _sign(site, petition, people[2 * signers :], rate)
    site.act("undo_removal", removal=removal)
    _kill_half_way(site, petition, "removal_id IS NOT NULL")
    _until_stage(site, removal, "undone")
    assert {reply.status for reply in [*quiet, *meanwhile, *signing.replies()]} == {302}
    assert _counted(site, petition) == number + 3 * signers
    assert site.sql(CONTENTS, [petition["id"], WAVE]) == before
    proof("S9", _figure(number, quiet, meanwhile))


def _sign(site, petition, people, rate):
    requests = [visits.sign(petition, each, number=at, after=at / rate) for at, each in enumerate(people)]
    return crowd.begin(site.port, HOST, requests, processes=8)


def _kill_half_way(site, petition, which):
    """Hold a signature in the middle, wait until the worker stands before it with a half-done batch, and kill it."""
    middle = f"""SELECT id FROM signatures_signature WHERE petition_id = %s AND email_domain = %s AND {which}
        ORDER BY id OFFSET (SELECT count(*) / 2 FROM signatures_signature
            WHERE petition_id = %s AND email_domain = %s AND {which})
        LIMIT 1 FOR UPDATE"""
    with _transaction(site) as cursor:
        cursor.execute(middle, [petition["id"], WAVE] * 2)
        assert cursor.fetchone()
        until(lambda: site.number(WAITING) > 0, "the worker to wait for the signature in the middle", 60)
        site.worker.kill()
    moved = site.number(
        "SELECT count(*) FROM signatures_signature WHERE petition_id = %s AND email_domain = %s AND removal_id IS NOT NULL",
        [petition["id"], WAVE],
    )
    says = site.number(
        "SELECT sum(taken - put_back) FROM signatures_removal WHERE petition_id = %s", [petition["id"]]
    )
    assert moved == says
    site.revive()


@contextmanager
def _transaction(site):
    connection = psycopg2.connect(site.settings["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _until_stage(site, removal, stage):
    is_there = "SELECT count(*) FROM signatures_removal WHERE id = %s AND stage = %s"
    until(lambda: site.number(is_there, [removal, stage]) == 1, f"the removal is {stage}", 180)


def _counted(site, petition):
    return json.loads(site.get(f"{petition['path']}count.json").body)["signatures"]


def _figure(number, quiet, meanwhile):
    slow = [
        figures.percentile(sorted(reply.seconds for reply in replies), 99) for replies in (quiet, meanwhile)
    ]
    return (
        f"{number:,} removed and put back while 33 a second sign, killed in the middle each time: exact; "
        f"p99 of signing {1000 * slow[0]:.0f} ms before, {1000 * slow[1]:.0f} ms meanwhile"
    )
