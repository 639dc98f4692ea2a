"""From a visitor's form to a signature that counts, with the mail in between, for a minute."""

import json
import subprocess
import sys
from dataclasses import asdict

from bench.figures import Figure, Row, percentile
from bench.ground import WARM_SECONDS, Bench, Petition
from bench.load import Refused
from bench.rows.signing import ARTICLE_50
from bench.visitors import Job, Seen, windows
from embedded.data_dir import ROOT
from tests.chaos.ground import HOST

# More than can be answered on any machine that this was run on.
MOST_IN_A_SECOND = 600
PARTS = 6
KIND = "confirm-signature"


def end_to_end(bench: Bench) -> list[Row]:
    """Let visitors ask and confirm without a pause; afterwards nobody may be left waiting."""
    petition, seconds = bench.make(1, bench.sizes.few)[0], bench.sizes.sustained
    for each in (WARM_SECONDS, seconds):
        seen = _visited(bench, petition, each)
        bench.signed(petition, len(seen.through))
        bench.due[KIND] += seen.asked
    _nothing_left(bench, petition)
    rates = Figure(tuple(windows(seen.through, seconds, PARTS)), "/s")
    waits = sorted(seen.mail_waits)
    return [
        Row(
            f"visitor end to end (sign, mail out, confirm), {seconds:g} s sustained",
            rates,
            ARTICLE_50,
            must=4,
            aim=8,
            unit="×",
        ),
        Row("the same: from the form to the mail, 95th percentile", Figure((percentile(waits, 95),), " s")),
    ]


def _visited(bench: Bench, petition: Petition, seconds: float) -> Seen:
    number = int(seconds * MOST_IN_A_SECOND)
    job = Job(
        port=bench.web.port,
        host=HOST,
        mail=bench.sink.talk,
        path=petition.path,
        first=bench.numbers(number).start,
        stamps=bench.site.act("stamps", number=number),
        people=bench.sizes.visitors,
        seconds=seconds,
    )
    done = subprocess.run(
        [sys.executable, "-m", "bench.visitors"],
        cwd=ROOT,
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"bench.visitors: {done.stderr[-2000:]}")
    seen = Seen(**json.loads(done.stdout))
    if seen.faults or seen.asked != len(seen.through):
        raise Refused(f"{seen.asked} asked, {len(seen.through)} were through: {seen.faults[:3]}")
    return seen


def _nothing_left(bench: Bench, petition: Petition) -> None:
    waiting = """SELECT count(*) FROM signatures_signature WHERE petition_id = %s AND state <> 'confirmed'"""
    left = bench.site.number(waiting, [petition.id])
    queued = bench.site.number("SELECT count(*) FROM outbox_message WHERE state = 'queued'")
    if left or queued:
        raise Refused(f"{left} requests and {queued} mails were left over")
