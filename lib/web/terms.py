"""What a view tells the cache in front of it about the answer that it is making."""

from dataclasses import dataclass
from typing import Any, Self

PLACE = "hundred.terms"


@dataclass
class Terms:
    """May the answer be kept: if so, the view's route, and all that it reads of the query."""

    # The first page has an empty one.
    route: str | None = None
    reads: tuple[str, ...] = ()

    @classmethod
    def of(cls, environ: dict[str, Any]) -> Self | None:
        """Return those that a cache waits for; none where there is no cache in front."""
        terms = environ.get(PLACE)
        return terms if isinstance(terms, cls) else None

    @property
    def are_given(self) -> bool:
        """Whether the view has said that its answer may be kept."""
        return self.route is not None
