"""Every kind of mail whose parts are made once, with values that were made up to break it."""

import pytest

from outbox import kinds
from outbox.compiled import seal
from outbox.models import Message
from outbox.post import message_id_for
from tests.outbox.sameness import HOSTILE, compare

_PETITION = {"title": "Lamps & <benches> for “us”", "url": "https://petitions.example/petitions/lamps-1/"}
_LINKS = {
    "confirm_url": "https://petitions.example/signatures/confirm/7.a-b_c/",
    "withdraw_url": "https://petitions.example/signatures/withdraw/7.a-b_c/",
}
_SAMPLES = {
    "confirm-signature": [{**_PETITION, **_LINKS, "signature": 7, "state": "pending"}],
    "already-signed": [
        {**_PETITION, **_LINKS, "signature": 7, "state": state}
        for state in ("confirmed", "held", "withdrawn", "removed")
    ],
    "milestone-supporter": [
        {
            **_PETITION,
            "withdraw_url": _LINKS["withdraw_url"],
            "unsubscribe_url": "https://petitions.example/unsubscribe/milestone-supporter.7.a-b_c/",
            "signature": 7,
            "name": "Carol Singer",
            "milestone": 3,
            "starter": "Alice Miller",
            "called": called,
            "manage_url": "https://petitions.example/petitions/lamps-1/manage/",
            "threshold": threshold,
            "signatures": threshold,
            "goal": 2500,
        }
        for called in ("Alice", "")
        for threshold in (1, 2000)
    ],
}
_KINDS = [kind.name for kind in kinds.registered() if kind.personal]


def mail(kind, values):
    return Message(
        pk=7,
        kind=kind,
        to_address="carol@example.org",
        language="en",
        context=values,
        message_id=message_id_for(kind),
    )


def test_every_bulk_kind_is_put_together():
    assert {kind.name for kind in kinds.registered() if kind.bulk} <= set(_KINDS) == set(_SAMPLES)


@pytest.mark.parametrize("kind", _KINDS)
def test_it_says_what_the_plain_mail_says(kind):
    for sample in _SAMPLES[kind]:
        message = mail(kind, sample)
        compare(seal(message), message)


@pytest.mark.parametrize("kind", _KINDS)
def test_it_does_so_whatever_the_values_are(kind):
    for sample in _SAMPLES[kind]:
        # Links are ours; where one would not fit a header, the plain way is taken.
        for key in (key for key in kinds.get(kind).personal if isinstance(sample[key], str)):
            for value in HOSTILE:
                message = mail(kind, {**sample, key: value})
                if sealed := seal(message):
                    compare(sealed, message)
                else:
                    assert key == "unsubscribe_url"


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("title", [value for value in HOSTILE if value.strip()])
def test_it_does_so_whatever_the_title_is(kind, title):
    message = mail(kind, {**_SAMPLES[kind][0], "title": title})
    compare(seal(message), message)
