"""The captured petition page: a title, how many have signed, the text, who is counting on you."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from petitions.goals import FIRST_GOAL_DEFAULT
from petitions.importing.captures import Capture, Line, Mark, body_of, take
from petitions.importing.found import Found, Shape, Unfit
from petitions.importing.numbers import NUMBER, whole_number
from petitions.states import State

_APOSTROPHE = "['’‘`´ʼ]?"
_GOAL = rf"let{_APOSTROPHE}s get to"
_NAME = r".{1,200}?"
_SUPPORTERS = rf"(?P<supporters>{NUMBER}[KM]?) (?:other )?supporters?"
_QUOTE = "[\"“”„«»‘’']"

_COUNT = re.compile(
    rf"(?P<count>{NUMBER}[KM]?) (?:people |persons? |supporters? )?ha(?:s|ve) signed[.!]?(?: {_GOAL} (?P<goal>.+?)[.!]*)?",
    re.IGNORECASE,
)
_GOAL_ALONE = re.compile(rf"{_GOAL} (?P<goal>{NUMBER}[KM]?)[.!]*", re.IGNORECASE)
_APPEAL = re.compile(rf"today: (?P<name>{_NAME}) (?:is|are) counting on you[.!]*", re.IGNORECASE)
_JOIN = re.compile(rf"join (?P<first>{_NAME}) and {_SUPPORTERS}(?: today)?[.!]*", re.IGNORECASE)
_TRAILER = re.compile(
    rf"(?:today: {_NAME} (?:is|are) counting on you[.!]* )?"
    rf"(?P<starter>{_NAME}) needs? your help with (?P<open>{_QUOTE}?)(?P<campaign>.+?){_QUOTE}?\.?"
    rf"(?P<join> join {_NAME}(?: and {_SUPPORTERS})?(?: today)?[.!]*)?",
    re.IGNORECASE,
)
_LONGEST_TRAILER = 8
_NEEDS = re.compile(r"\bneeds?\b", re.IGNORECASE)
# Whom the campaign addresses stands before its first colon; a time of day has no blank behind it.
_ADDRESSED = re.compile(r"(?P<decision_maker>[^:：]+?) ?(?:: |：) ?(?P<ask>.+)")


@dataclass(frozen=True)
class Marks:
    """What shows that a text is a petition page, and the lines that remain without it."""

    rest: list[Line]
    count: Mark | None
    goal: Mark | None
    appeal: Mark | None
    trailer: Mark | None
    join: Mark | None

    @property
    def found(self) -> bool:
        """Whether there was any; a lone goal or a lone invitation may stand in any text."""
        return any((self.count, self.appeal, self.trailer))


def marks_of(capture: Capture) -> Marks:
    """Look for the lines that only a petition page has."""
    rest, count = take(capture.rest, _COUNT)
    rest, goal = take(rest, _GOAL_ALONE)
    rest, trailer = _take_trailer(rest)
    rest, appeal = take(rest, _APPEAL)
    rest, join = take(rest, _JOIN)
    return Marks(rest, count, goal, appeal, trailer, join)


def read(capture: Capture, marks: Marks) -> Found:
    """Return the petition of a captured page, ready to be published; every figure but its goal is a claim."""
    if _COUNT.fullmatch(capture.title.text) or _APPEAL.fullmatch(capture.title.text):
        raise Unfit((capture.title.number, "there is no title above this line"))
    decision_maker, ask = _addressed(_says(marks.trailer, "campaign"))
    trailer_line = marks.trailer.line if marks.trailer else 1
    goal = marks.count if _says(marks.count, "goal") else marks.goal
    return Found(
        shape=Shape.PAGE,
        state=State.PUBLISHED,
        title=capture.title.text,
        body=body_of(marks.rest, capture.title),
        ask=ask,
        decision_maker=decision_maker,
        starter_name=_starter(marks),
        topic=capture.remark("topic"),
        first_goal=_goal(goal),
        claimed_signatures=_claim(marks.count, "count"),
        claimed_supporters=_claim(
            marks.trailer if _says(marks.trailer, "supporters") else marks.join, "supporters"
        ),
        note=capture.remark("note"),
        lines={
            **capture.places(),
            **dict.fromkeys(("ask", "decision_maker", "starter_name"), trailer_line),
            "first_goal": goal.line if goal else 1,
        },
    )


def _says(mark: Mark | None, name: str) -> str:
    return mark.says[name] if mark else ""


def _take_trailer(lines: Sequence[Line]) -> tuple[list[Line], Mark | None]:
    """Blank the trailer, which a capture may have wrapped over several lines."""
    for start, line in enumerate(lines):
        if not _NEEDS.search(line.text):
            continue
        block = list(takewhile(lambda each: each.text, lines[start : start + _LONGEST_TRAILER]))
        if "your help with" not in _joined(block).lower():
            continue
        for length in range(len(block), 0, -1):
            match = _TRAILER.fullmatch(_joined(block[:length]))
            # Without quotes and without an invitation it is a sentence like any other.
            if match and (match["open"] or match["join"]):
                blank = [Line(each.number, "") for each in block[:length]]
                rest = [*lines[:start], *blank, *lines[start + length :]]
                return rest, Mark(line.number, match.groupdict(""))
    return list(lines), None


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _addressed(campaign: str) -> tuple[str, str]:
    """Part a campaign title at its colon: whom it addresses, and what it asks."""
    match = _ADDRESSED.fullmatch(campaign.strip())
    return (match["decision_maker"].strip(), match["ask"].strip()) if match else ("", campaign.strip())


def _starter(marks: Marks) -> str:
    """Return the fullest name that the page gives, or an empty string."""
    names = (_says(marks.trailer, "starter"), _says(marks.appeal, "name"), _says(marks.join, "first"))
    return next((name for name in names if name), "")


def _goal(mark: Mark | None) -> int:
    if mark is None or not mark.says["goal"]:
        return FIRST_GOAL_DEFAULT
    number = whole_number(mark.says["goal"])
    if number is None:
        raise Unfit((mark.line, f"the goal “{mark.says['goal']}” is not a whole number"))
    return number


def _claim(mark: Mark | None, name: str) -> int | None:
    if mark is None or not mark.says[name]:
        return None
    number = whole_number(mark.says[name])
    if number is None:
        raise Unfit((mark.line, f"“{mark.says[name]}” is not a whole number"))
    return number
