"""What `audit_invariants` proves: each room registers the promises it keeps in the database."""

from collections.abc import Callable, Iterable

from lib.registry import Registry

Check = Callable[[], Iterable[str]]

_checks: Registry[Check] = Registry()


def register(name: str, check: Check) -> None:
    """Add a promise; the check yields one sentence for each breach it finds, and nothing when it holds."""
    _checks.register(name, check)


def breaches() -> dict[str, list[str]]:
    """Run every check and return the sentences by the name of the promise."""
    return {name: list(check()) for name, check in _checks}
