"""Names compared with a pattern: `*` stands for anything, `?` for one character, and nothing else has a meaning."""

from typing import Any

from django.db.models import CharField, Lookup

_MEANINGS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_", "*": "%", "?": "_"})


@CharField.register_lookup
class ILike(Lookup[Any]):
    """SQL’s ILIKE on the whole value, with a pattern made by `like`."""

    lookup_name = "ilike"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return `value ILIKE pattern`."""
        value, of_value = self.process_lhs(compiler, connection)
        pattern, of_pattern = self.process_rhs(compiler, connection)
        return f"{value} ILIKE {pattern}", (*of_value, *of_pattern)


def like(pattern: str) -> str:
    """Return SQL’s spelling of the pattern."""
    return pattern.translate(_MEANINGS)
