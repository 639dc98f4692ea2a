"""A person as a fixed statement reads one, without the query being built anew each time."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User

_STORED = User._meta.concrete_fields  # noqa: SLF001 - Django documents it
_FIELDS = [field.attname for field in _STORED]
COLUMNS = ", ".join(f'"{field.column}"' for field in _STORED)
# The same where other tables are read beside it.
COLUMNS_OF_U = ", ".join(f'u."{field.column}"' for field in _STORED)


def person_of(row: Sequence[Any]) -> User:
    """Return the person whose `COLUMNS` these are."""
    return User.from_db("default", _FIELDS, row)
