"""The hot statements: each checks the petition, changes one signature and writes the delta, all at once.

Each reads the database's clock once, compares that reading and stores it, and takes the petition FOR SHARE: a close
under way is waited for and then seen, so no signature follows a committed close (design decision 8). Each is whole
without a transaction around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from lib.prepared import Prepared
from signatures import consents
from signatures.services import caps, suspecting

# After a petition has ended, requests from before may still be confirmed for so long (design, decision 8).
GRACE = timedelta(hours=24)
# When signing ended, or ends; NULL for never.
_END = "CASE WHEN p.state = 'closed' THEN least(p.closed_at, p.closes_at) ELSE p.closes_at END"
_PETITION = f"""
WITH t AS MATERIALIZED (SELECT clock_timestamp() AS at),
agreed AS MATERIALIZED (
  SELECT id FROM signatures_consent
   WHERE version = %(consent_version)s::text AND language = %(language)s::text AND text = %(consent)s::text),
p AS MATERIALIZED (
  SELECT p.id, p.version_id, p.slug, t.at, {_END} AS ends,
         p.state = 'published' AND (p.closes_at IS NULL OR t.at < p.closes_at) AS is_open
    FROM petitions_petition p, t
   WHERE p.id = %(petition)s::bigint AND p.state IN ('published', 'closed')
     FOR SHARE OF p),"""  # noqa: S608
_FOUND = "SELECT EXISTS (SELECT FROM agreed), coalesce((SELECT is_open FROM p), false)"
_COUNT = f"""
  RETURNING mine.id, mine.petition_id, mine.state),
d AS (INSERT INTO petitions_delta (petition_id, change) SELECT petition_id, 1 FROM s WHERE state = 'confirmed')
{_FOUND}, (SELECT id FROM s), (SELECT state FROM s)"""  # noqa: S608

# The braces are filled with constants of this file alone; every value is a parameter.
_INSERT = """
s AS (
  INSERT INTO signatures_signature AS mine
    (petition_id, version_id, consent_id, identity_hash, email, name, reason, public, updates, language, email_domain,
     network_hash, asked_at, changed_at, removed_from, state, user_id, confirmed_at, suspicion, asked)
  SELECT p.id, p.version_id, agreed.id, %(identity)s::bytea, %(email)s::text, %(name)s::text, %(reason)s::text,
         %(public)s::boolean, %(updates)s::boolean, %(language)s::text, %(domain)s::text, %(network)s::bytea,
         p.at, p.at, '', {of_its_own}
    FROM p, agreed{beside} WHERE p.is_open
  ON CONFLICT"""
_CONFIRMED = "'confirmed', %(user)s::bigint, p.at, '', NULL"
_SIGN = Prepared("sign", f"{_PETITION}{_INSERT.format(of_its_own=_CONFIRMED, beside='')} DO NOTHING{_COUNT}")

_SUSPICION = """CASE WHEN %(suspicion)s::text <> '' THEN %(suspicion)s::text
                         WHEN crowd.is_here THEN 'network' ELSE '' END"""
_PENDING = f"'pending', NULL, NULL, {_SUSPICION}, %(asked)s::jsonb"
_MAILBOX = "FROM signatures_signature WHERE petition_id = %(petition)s::bigint AND identity_hash = %(identity)s::bytea"
# What is typed again waits beside the signature: nothing unproven overwrites what was proven. Where nothing was, the
# last spelling of the address holds, and one request without suspicion lifts that of another.
_ASK = Prepared(
    "ask",
    f"""{_PETITION}
mails AS MATERIALIZED ({caps.MAY_HAVE_ONE}),
crowd AS MATERIALIZED ({suspecting.IS_HERE}),{_INSERT.format(of_its_own=_PENDING, beside=", crowd")}
  (petition_id, identity_hash) DO UPDATE
     SET asked = excluded.asked, asked_at = excluded.asked_at,
         email = CASE mine.state WHEN 'pending' THEN excluded.email ELSE mine.email END,
         suspicion = CASE WHEN mine.state = 'pending' AND excluded.suspicion = '' THEN '' ELSE mine.suspicion END
   WHERE mine.state IN ('pending', 'withdrawn')
  RETURNING mine.id, mine.state)
{_FOUND}, coalesce((SELECT id FROM s), (SELECT id {_MAILBOX})), coalesce((SELECT state FROM s), (SELECT state {_MAILBOX})),
 (SELECT may_have_one FROM mails), (SELECT v.title FROM petitions_version v, p WHERE v.id = p.version_id),
 (SELECT slug FROM p)""",  # noqa: S608
)

# Pending: while open, or within a day of the end if it was asked for before. Withdrawn: while open alone. The account
# may have signed under another of its addresses: then that signature is the one to speak of.
_CONFIRM = Prepared(
    "confirm",
    f"""{_PETITION}
s AS (
  UPDATE signatures_signature mine
     SET state = CASE WHEN mine.state = 'pending' AND mine.suspicion <> '' AND NOT %(trusted)s::boolean THEN 'held'
                      ELSE 'confirmed' END,
         email = CASE mine.state WHEN 'pending' THEN %(email)s::text ELSE mine.email END,
         user_id = %(user)s::bigint, version_id = p.version_id, consent_id = agreed.id, name = %(name)s::text,
         reason = %(reason)s::text, public = %(public)s::boolean, updates = %(updates)s::boolean,
         language = %(language)s::text, confirmed_at = p.at, changed_at = p.at, withdrawn_at = NULL, asked = NULL
    FROM p, agreed
   WHERE mine.id = coalesce((SELECT own.id FROM signatures_signature own
                              WHERE own.petition_id = %(petition)s::bigint AND own.user_id = %(user)s::bigint),
                            %(signature)s::bigint)
     AND mine.petition_id = p.id
     AND (mine.state = 'withdrawn' AND p.is_open
          OR mine.state = 'pending'
             AND (p.is_open OR mine.asked_at < p.ends AND p.at < p.ends + %(grace)s::interval)){_COUNT}""",  # noqa: S608
)

_MOVE = """
WITH s AS (
  UPDATE signatures_signature
     SET state = %(target)s, changed_at = clock_timestamp(),
         withdrawn_at = CASE WHEN %(target)s = 'withdrawn' THEN clock_timestamp() ELSE withdrawn_at END
   WHERE id = %(signature)s AND state = %(source)s RETURNING petition_id),
d AS (INSERT INTO petitions_delta (petition_id, change) SELECT petition_id, %(change)s FROM s WHERE %(change)s <> 0)
SELECT petition_id FROM s"""


@dataclass(frozen=True)
class Written:
    """What a statement found: whether the petition is open, and the signature it wrote, if it wrote one."""

    is_open: bool
    signature_id: int | None
    state: str | None


@dataclass(frozen=True)
class Asked:
    """What asking found: the signature of the mailbox, whether it may get a mail, and what the mail tells."""

    is_open: bool
    signature_id: int
    state: str
    may_mail: bool
    title: str
    slug: str


def sign(values: dict[str, Any]) -> Written:
    """Write a new signature on an open petition; nothing is written where one exists by identity or account."""
    return Written(*_run(_SIGN, values))


def ask(values: dict[str, Any]) -> Asked:
    """Write a new request on an open petition, or renew the one of the same mailbox where it still waits.

    Whatever row the mailbox has stays locked until the transaction ends.
    """
    asked = Asked(*_run(_ASK, values))
    if asked.is_open and not asked.signature_id:
        # It was signed at this very moment; the next statement can see it.
        asked = Asked(*_run(_ASK, values))
    return asked


def confirm(values: dict[str, Any]) -> Written:
    """Confirm a pending or withdrawn signature with what its person has said, or write nothing.

    Where the account has a signature of its own on the petition, that one is meant.
    """
    return Written(*_run(_CONFIRM, {**values, "grace": GRACE}))


def move(signature_id: int, *, source: str, target: str) -> bool:
    """Move a signature if it is where the caller says, with its delta; say whether it moved."""
    change = (target == "confirmed") - (source == "confirmed")
    values: dict[str, Any] = {
        "signature": signature_id,
        "source": source,
        "target": target,
        "change": change,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        return cursor.fetchone() is not None


def _run(statement: Prepared, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Run one of them; at a wording's first use, write the wording down and run it again."""
    is_worded, *found = statement.row(values) or ()
    if not is_worded:
        consents.current(values["language"])
        _is_worded, *found = statement.row(values) or ()
    return tuple(found)
