"""Filling a large table in portions, so that nobody waits long for one of its rows; for migrations that are not atomic."""

from django.db.backends.base.base import BaseDatabaseWrapper

AT_A_TIME = 1_000


def in_portions(connection: BaseDatabaseWrapper, statement: str) -> None:
    """Run the statement for so many rows after the last one, until it finds none.

    It takes the last key and the number of rows, and returns the last key of its portion, or null.
    """
    last: int | None = 0
    with connection.cursor() as cursor:
        while last is not None:
            cursor.execute(statement, [last, AT_A_TIME])
            (last,) = cursor.fetchone()
