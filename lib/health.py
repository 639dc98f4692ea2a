"""What `/readyz` reports: each room registers what it knows of its own state."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lib.registry import Registry


@dataclass(frozen=True)
class Reading:
    """One line of the report; `essential` ones that fail make the whole answer 503."""

    ok: bool
    essential: bool = False
    figures: dict[str, float | int | str | None] = field(default_factory=dict)


Check = Callable[[], Reading]

_checks: Registry[Check] = Registry()


def register(name: str, check: Check) -> None:
    """Let `/readyz` ask this check; it must answer within a second and never raise for a fault it looks for."""
    _checks.register(name, check)


def read() -> dict[str, Reading]:
    """Ask every check once; one that raises reads as not ok."""
    return {name: _ask(check) for name, check in _checks}


def _ask(check: Check) -> Reading:
    try:
        return check()
    except Exception as fault:  # noqa: BLE001 - a broken check must not hide the others
        return Reading(ok=False, figures={"fault": type(fault).__name__})
