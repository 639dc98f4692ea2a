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
# The one that stands in a header; links are ours.
_HEADER = "unsubscribe_url"
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
    """All of them at once; that none takes another's place is seen where they differ."""
    for sample in _SAMPLES[kind]:
        words = [key for key in kinds.get(kind).personal if isinstance(sample[key], str) and key != _HEADER]
        for value in HOSTILE:
            message = mail(kind, {**sample, **dict.fromkeys(words, value)})
            compare(seal(message), message)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_link_that_would_not_fit_a_header_takes_the_plain_way(value):
    message = mail("milestone-supporter", {**_SAMPLES["milestone-supporter"][0], _HEADER: value})
    sealed = seal(message)
    assert bool(sealed) == all("!" <= each <= "~" for each in value)
    if sealed:
        compare(sealed, message)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("title", [value for value in HOSTILE if value.strip()])
def test_it_does_so_whatever_the_title_is(kind, title):
    message = mail(kind, {**_SAMPLES[kind][0], "title": title})
    compare(seal(message), message)
