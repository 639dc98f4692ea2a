"""Keyed hashes: the same for one mailbox and one network, joined to nothing elsewhere."""

import pytest

from signatures.identity import address_hash, identity_hash, network_hash


def test_one_mailbox_is_one_identity_on_a_petition():
    assert identity_hash(7, "carol@gmail.com") == identity_hash(7, "Ca.rol+x@googlemail.com")
    assert len(identity_hash(7, "carol@gmail.com")) == 32


def test_it_is_another_on_each_petition_and_for_each_purpose():
    assert len({identity_hash(7, "c@x.org"), identity_hash(8, "c@x.org"), address_hash("c@x.org")}) == 3


def test_it_hangs_on_the_key(settings):
    before = identity_hash(7, "carol@example.org")
    settings.IDENTITY_KEY = "another" * 10
    assert identity_hash(7, "carol@example.org") != before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.254"),
        ("2001:db8::1", "2001:db8::ffff:0:0:1"),
        ("::ffff:192.0.2.1", "192.0.2.9"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_neighbours_are_one_network(one, other):
    assert network_hash(one) == network_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("192.0.2.1", "192.0.3.1"), ("2001:db8::1", "2001:db8:0:1::1"), ("::ffff:192.0.2.1", "::1")],
)
def test_others_are_not(one, other):
    assert network_hash(one) != network_hash(other)
