"""The captured article: a headline, a picture caption with its credit in brackets, paragraphs; it asks for nothing."""

import re
from collections.abc import Sequence

from petitions.importing.captures import Capture, Line, blocks, body_of
from petitions.importing.found import Found, Shape
from petitions.states import State

# A credit closes the line; a sentence of the text that ends in brackets has its full stop behind them.
_CAPTION = re.compile(r".{0,300}(?:\([^()]{2,120}\)|\[[^\[\]]{2,120}\])")
# Between headline and picture at most a by-line stands.
_BLOCKS_ABOVE_PICTURE = 2


def read(capture: Capture) -> Found:
    """Return the petition of a captured article, which waits for a member to take it over and say what it asks."""
    rest, caption = _take_caption(capture.rest)
    return Found(
        shape=Shape.ARTICLE,
        state=State.SUBMITTED,
        title=capture.title.text,
        body=body_of(rest, capture.title),
        topic=capture.remark("topic"),
        note=capture.remark("note"),
        caption=caption,
        needs_ask=True,
        lines=capture.places(),
    )


def _take_caption(lines: Sequence[Line]) -> tuple[Sequence[Line], str]:
    top = list(blocks(lines))
    for block in top[:_BLOCKS_ABOVE_PICTURE]:
        # A caption is never all that there is.
        if len(block) == 1 and len(top) > 1 and _CAPTION.fullmatch(block[0].text):
            return [line for line in lines if line is not block[0]], block[0].text
    return lines, ""
