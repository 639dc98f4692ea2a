"""Texts whose words are as common as words are: the second half as often as the first, the third a third (Zipf)."""

import random
from collections.abc import Iterator
from itertools import accumulate, islice, product

# What every language has most of, and no search finds.
COMMON = "the of and to in a is for that on with are by this from be at or as not have it we our"
SUBJECTS = (
    "street school park council people city children bus road water house work library night light safe path health"
    " hospital tree market river teacher bridge garden square winter station garbage noise rent family cycle lane"
    " playground crossing museum theatre harbour forest animal shelter doctor kitchen energy roof tenant wage"
)
SYLLABLES = "ba ke li mo nu ra se ti vo wa den fer gol han jor kel lin mer nor pas quen ros"
SIZE = 20_000
WORDS_IN_A_SENTENCE, SENTENCES = 12, 11
SENTENCES_IN_A_PARAGRAPH = 4


def vocabulary() -> list[str]:
    """Return all the words, the most common first."""
    return list(islice(dict.fromkeys(_all_words()), SIZE))


def _all_words() -> Iterator[str]:
    yield from COMMON.split()
    yield from SUBJECTS.split()
    for length in (2, 3, 4):
        yield from ("".join(syllables) for syllables in product(SYLLABLES.split(), repeat=length))


class Writer:
    """Writes titles, asks and bodies; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._words = vocabulary()
        self._weights = list(accumulate(1 / rank for rank in range(1, SIZE + 1)))

    def title(self) -> str:
        """Return four to nine words."""
        return self._sentence(self._dice.randint(4, 9))

    def ask(self) -> str:
        """Return one sentence."""
        return f"{self._sentence(self._dice.randint(8, 16))}."

    def body(self) -> str:
        """Return about 130 words in three paragraphs."""
        sentences = [f"{self._sentence(WORDS_IN_A_SENTENCE)}." for _ in range(SENTENCES)]
        starts = range(0, SENTENCES, SENTENCES_IN_A_PARAGRAPH)
        return "\n\n".join(" ".join(sentences[at : at + SENTENCES_IN_A_PARAGRAPH]) for at in starts)

    def _sentence(self, words: int) -> str:
        return " ".join(self._dice.choices(self._words, cum_weights=self._weights, k=words)).capitalize()
