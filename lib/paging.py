"""Pages of a list without an end: so many rows are counted and can be turned to, and the page says that there are more."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# Nobody turns so many pages; who looks for one thing narrows the list.
COUNTED = 5_000


class FirstOnes(Paginator[Any]):
    """Counts no further than it shows, so that a page costs the same with thousands of rows and with millions.

    Of rows that are known to be `more_than` so many nothing is counted.
    """

    def __init__(self, *args: Any, more_than: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._more_than = more_than

    @property
    def count(self) -> int:
        """How many there are, or how many are shown of more."""
        return self._more_than or min(self._counted, COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more than are shown."""
        return bool(self._more_than) or self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: COUNTED + 1].count())
