"""Write mails into the outbox, in the transaction of what caused them."""

import json
import math
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from django.conf import settings

from lib.prepared import Prepared
from outbox import doorbell, kinds
from outbox.models import Lane

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

# One statement whatever the number of mails; the arrays stand in for VALUES lists of changing length.
_INSERT = Prepared(
    "post",
    """
INSERT INTO outbox_message (kind, lane, dedupe_key, to_address, language, context, message_id)
SELECT kind, lane, dedupe_key, to_address, language, context::jsonb, message_id
FROM unnest(%(kind)s::text[], %(lane)s::smallint[], %(dedupe_key)s::text[], %(to_address)s::text[],
            %(language)s::text[], %(context)s::text[], %(message_id)s::text[])
     AS new (kind, lane, dedupe_key, to_address, language, context, message_id)
ON CONFLICT (dedupe_key) DO NOTHING
""",
)
_COLUMNS = ("kind", "lane", "dedupe_key", "to_address", "language", "context", "message_id")
_NO_ADDRESS_HAS = re.compile(r"[\s\x00-\x1f\x7f<>,;]")
_LONGEST_KEY = 200


@dataclass(frozen=True)
class Draft:
    """A mail before it is written down."""

    kind: str
    to: str
    language: str
    context: Mapping[str, Json]
    dedupe_key: str


_Row: TypeAlias = tuple[str, int, str, str, str, str, str]


def post(*, kind: str, to: str, language: str, context: Mapping[str, Json], dedupe_key: str) -> bool:
    """Write one mail and ring the doorbell on commit; False when this key was posted before."""
    return post_many([Draft(kind, to, language, context, dedupe_key)]) == 1


def post_many(drafts: Iterable[Draft]) -> int:
    """Write many mails with one statement and ring once on commit; return how many are new."""
    # Sorted, so that two transactions that post the same keys wait for one another instead of dead-locking.
    rows = sorted((_row(draft) for draft in drafts), key=lambda row: row[2])
    if not rows:
        return 0
    columns = map(list, zip(*rows, strict=True))
    written = _INSERT.run(dict(zip(_COLUMNS, columns, strict=True)))
    if written:
        for lane in sorted({row[1] for row in rows}):
            doorbell.ring_on_commit(Lane(lane))
    return written


def message_id_for(dedupe_key: str) -> str:
    """Return the Message-ID of a key: the same one each time it is sent, so that receivers know a repetition."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'{settings.SITE_URL}#{dedupe_key}')}@{host}>"


def _row(draft: Draft) -> _Row:
    if not draft.dedupe_key or len(draft.dedupe_key) > _LONGEST_KEY:
        raise ValueError(f"A dedupe key has 1 to {_LONGEST_KEY} characters: {draft.kind}")
    kind = kinds.get(draft.kind)
    _check_address(draft.to)
    _check_json(draft.context, f"the context of {draft.kind}")
    context = json.dumps(draft.context, allow_nan=False)
    address = message_id_for(draft.dedupe_key)
    return kind.name, kind.lane_number.value, draft.dedupe_key, draft.to, draft.language, context, address


def _check_address(address: str) -> None:
    # The address itself stays out of the sentence: exceptions end up in logs.
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or _NO_ADDRESS_HAS.search(address):
        raise ValueError(
            "This is not one plain mail address: it lacks an @, or has a space, a line break or < > , ;"
        )


def _check_json(value: object, where: str) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        _refuse(where, "has a NUL character, which the database can't store", when="\x00" in value)
    elif isinstance(value, float):
        _refuse(where, "is not a finite number", when=not math.isfinite(value))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            _check_json(item, f"{where}, item {place}")
    elif isinstance(value, dict):
        _check_mapping(value, where)
    else:
        _refuse(
            where, f"is a {type(value).__name__}; store ids, text and numbers and build objects when sending"
        )


def _check_mapping(value: Mapping[object, object], where: str) -> None:
    for key, item in value.items():
        _refuse(where, f"has a key that is a {type(key).__name__}", when=not isinstance(key, str))
        _check_json(item, f"{where}, key {key!r}")


def _refuse(where: str, what: str, *, when: bool = True) -> None:
    if when:
        raise TypeError(f"A mail can't carry this: {where} {what}.")
