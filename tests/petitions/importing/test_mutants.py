"""Whatever is in a file: it is read, or it is refused with line and reason; nothing else happens."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.importing import shapes
from petitions.importing.found import Unfit
from tests.petitions.importing.conftest import ARTICLE, MARKDOWN, PAGE

SEEDS = [path.read_text() for path in sorted(Path("seeds").glob("*.??*")) if path.name != "README.md"]
SCRAPS = [
    *"\n\n\n:&*!|>'\"[]{}%@`#-,. \t\u00a0\u200b\u2028\x00",
    "---\n",
    "have signed",
    "needs your help with “",
    "Join A and",
]
TEXTS = st.sampled_from([PAGE, ARTICLE, MARKDOWN, *SEEDS])


def read_or_refuse(text: str, suffix: str) -> None:
    try:
        outcome = shapes.read(text, suffix=suffix)
    except Unfit as unfit:
        outcome = unfit
    if isinstance(outcome, Unfit):
        assert outcome.problems
        assert all(line >= 1 and reason for line, reason in outcome.problems)
    else:
        assert all((outcome.title, outcome.body, outcome.key))


def spoil(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 0, 1, 5, 60]))
        text = text[:start] + chance.choice([*SCRAPS, text[end : end + 40], ""]) + text[end:]
    return text


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([".txt", ".md"]), st.randoms(use_true_random=False))
def test_a_spoilt_seed_is_read_or_refused(text, suffix, chance):
    read_or_refuse(spoil(text, chance), suffix)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from([".txt", ".md"]))
def test_any_text_is_read_or_refused(text, suffix):
    read_or_refuse(text, suffix)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_any_front_matter_is_read_or_refused(head):
    read_or_refuse(f"---\ntitle: Baths\n{head}\n---\nText", ".md")
