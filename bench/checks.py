"""At the end everything is compared, one by one: rows, people, the shown count, and mails."""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from bench.ground import Bench, Petition
from bench.load import Refused

_ROWS = """
SELECT count(*), count(DISTINCT user_id), count(DISTINCT identity_hash),
       (SELECT signatures FROM petitions_tally WHERE petition_id = %(id)s)
       + coalesce((SELECT sum(change) FROM petitions_delta WHERE petition_id = %(id)s), 0)
  FROM signatures_signature WHERE petition_id = %(id)s AND state = 'confirmed'"""


def check(bench: Bench) -> None:
    """Raise where anything is not exactly as it should be."""
    if not bench.is_up:
        return
    bench.say("checking counts, duplicates and mails")
    bench.until_quiet()
    wrong = [*(fault for petition in bench.petitions for fault in _petition(bench, petition)), *_mails(bench)]
    if audit := bench.site.audit():
        wrong.append(audit)
    if wrong:
        raise Refused("; ".join(wrong))


def _petition(bench: Bench, petition: Petition) -> Iterator[str]:
    shown = json.loads(bench.get(bench.web, f"{petition.path}count.json"))["signatures"]
    rows = bench.site.sql(_ROWS, {"id": petition.id})[0]
    if {*map(int, rows), shown} != {petition.expected}:
        yield f"{petition.slug}: rows, people, mailboxes and count are {rows}, shown is {shown}, not {petition.expected}"


def _mails(bench: Bench) -> Iterator[str]:
    """Compare, kind by kind, the Message-IDs that came with those that the outbox has sent, and both with what is due."""
    unsent = bench.site.number("SELECT count(*) FROM outbox_message WHERE state <> 'sent'")
    if unsent:
        yield f"{unsent} mails were not sent"
    came = bench.sink.report()
    # Of signatures that are held moderators hear once an hour, and no run takes longer.
    told = bench.site.number("SELECT count(*) FROM petitions_moderatoralert")
    due = bench.due + Counter({"moderation-waiting": told})
    written = [kind for (kind,) in bench.site.sql("SELECT DISTINCT kind FROM outbox_message")]
    for kind in sorted({*came, *written, *due}):
        query = "SELECT message_id FROM outbox_message WHERE kind = %s AND state = 'sent'"
        ids = sorted(id_.encode() for (id_,) in bench.site.sql(query, [kind]))
        digest = sha256(b"".join(id_ + b"\n" for id_ in ids)).hexdigest()
        found = came.get(kind, {"mails": 0, "digest": ""})
        if (found["mails"], found["digest"]) != (len(ids), digest):
            yield f"{kind}: {len(ids)} mails were sent, {found['mails']} came, or others than these"
        if len(ids) != due[kind]:
            yield f"{kind}: {len(ids)} mails were sent, {due[kind]} were due"
