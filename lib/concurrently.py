"""Indexes on big tables, built while people go on signing."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexBesides(AddIndexConcurrently):
    """Django’s own, which may be run again: a build that was cut off leaves an invalid index, which goes first.

    It waits long for older transactions to end; nobody waits for it meanwhile. The migration must not be atomic.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build the index in the background."""
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute("SET lock_timeout = '10min'")
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute("RESET lock_timeout")
