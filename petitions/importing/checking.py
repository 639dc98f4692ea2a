"""What a readable seed may still get wrong: lengths, goal, topic, language, and saying the same thing twice."""

from collections.abc import Collection, Iterator, Sequence

from petitions.goals import FIRST_GOAL_MAX, FIRST_GOAL_MIN
from petitions.importing.found import Fault, SeedFile
from petitions.languages import LANGUAGES
from petitions.models import DecisionMaker, Petition, Seed, Version

_LONGEST = {
    "title": Version._meta.get_field("title").max_length,  # noqa: SLF001 - Django's public meta API
    "ask": Version._meta.get_field("ask").max_length,  # noqa: SLF001
    "decision_maker": DecisionMaker._meta.get_field("name").max_length,  # noqa: SLF001
    "starter_name": Petition._meta.get_field("starter_name").max_length,  # noqa: SLF001
    "source": Seed._meta.get_field("source").max_length,  # noqa: SLF001
}


def faults(files: Sequence[SeedFile], *, topics: Collection[str]) -> list[Fault]:
    """Return every reason why these files can't become petitions together."""
    return [*(fault for file in files for fault in _of(file, topics)), *_doubles(files)]


def _of(file: SeedFile, topics: Collection[str]) -> Iterator[Fault]:
    found = file.found
    for name, reason in (*_too_long(file), *_impossible(file)):
        yield Fault(file.file, found.line_of(name), reason)
    if found.topic and found.topic not in topics:
        known = ", ".join(sorted(topics))
        yield Fault(
            file.file, found.line_of("topic"), f"there is no topic “{found.topic}”; there are {known}"
        )


def _too_long(file: SeedFile) -> Iterator[tuple[str, str]]:
    for name, longest in _LONGEST.items():
        length = len(getattr(file.found, name))
        if longest is not None and length > longest:
            label = name.replace("_", " ")
            yield name, f"the {label} has {length} characters; it may have {longest}"


def _impossible(file: SeedFile) -> Iterator[tuple[str, str]]:
    found = file.found
    if not FIRST_GOAL_MIN <= found.first_goal <= FIRST_GOAL_MAX:
        yield (
            "first_goal",
            f"the goal {found.first_goal:,} is not between {FIRST_GOAL_MIN:,} and {FIRST_GOAL_MAX:,}",
        )
    codes = [code for code, _ in LANGUAGES]
    if found.language not in codes:
        yield "language", f"there is no language “{found.language}”; there are {', '.join(codes)}"


def _doubles(files: Sequence[SeedFile]) -> Iterator[Fault]:
    first: dict[str, SeedFile] = {}
    for file in files:
        other = first.setdefault(file.found.key, file)
        if other is not file:
            line = file.found.line_of("id" if file.found.id else "title")
            yield Fault(file.file, line, f"is the same petition as {other.file}, by its id or title")
