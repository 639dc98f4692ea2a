"""Whole numbers as people write them: 100, 1,234, 1.234, 1 234 or 1’234."""

import re

# What may stand between the groups of a number; its digits are grouped by three, in India also by two.
NUMBER = r"\d[\d .,'’٬]*"
_WHOLE = re.compile(r"\d+|\d{1,3}([ .,'’٬])(?:\d{2,3}\1)*\d{3}")
# The column that keeps a claim holds 18 digits with room to spare.
_MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """Return the number, or None when the text is not a whole number of at most 18 digits."""
    text = text.strip()
    digits = [each for each in text if each.isdigit()]
    if not _WHOLE.fullmatch(text) or len(digits) > _MOST_DIGITS:
        return None
    return int("".join(digits))
