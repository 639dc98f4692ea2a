"""Signed links: one for each purpose."""

import pytest

from lib import tokens


@pytest.mark.parametrize("value", [7, "milestone-supporter.7", "with.dots", ""])
def test_it_reads_what_it_made(value):
    assert tokens.read("confirm", tokens.make("confirm", value)) == str(value)


def test_it_opens_nothing_else():
    assert tokens.read("withdraw", tokens.make("confirm", 7)) is None


@pytest.mark.parametrize("token", ["", "7", "7.", ".", "7.x", "7.ä", "8.{}", "7.{} "])
def test_it_refuses_what_was_not_signed(token):
    signature = tokens.make("confirm", 7).partition(".")[2]
    assert tokens.read("confirm", token.format(signature)) is None


def test_it_fits_into_an_address():
    assert set(tokens.make("confirm", 10**9)).isdisjoint("/?#%:+= ")


def test_another_key_opens_nothing(settings):
    token = tokens.make("confirm", 7)
    settings.SECRET_KEY = "another" * 10
    assert tokens.read("confirm", token) is None
