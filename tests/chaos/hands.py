"""Hands that each hold a transaction of their own open while others act: a thread and a connection for each."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from django.db import OperationalError, connection, transaction

# Whoever has not got through by then waits for what another hand holds.
PATIENCE = 0.04


class Hand:
    """One hand: it begins something, perhaps waits for another one, and later lets it stand or takes it back."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._begun: Future[None] | None = None
        self._block: transaction.Atomic | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is begun."""
        return self._begun is None or (self._begun.done() and self._block is None)

    @property
    def is_waiting(self) -> bool:
        """Tell whether another hand is in the way."""
        return self._begun is not None and not self._begun.done()

    def begin(self, deed: Callable[[], object], patience: float = PATIENCE) -> None:
        """Do it in a transaction that stays open; if it has to wait for longer, it does so behind the scenes."""
        self._begun = self._thread.submit(self._begin, deed)
        wait([self._begun], patience)

    def finish(self, *, stands: bool) -> None:
        """Commit what was begun, or roll it back."""
        self._thread.submit(self._finish, stands).result(60)

    def rest(self) -> None:
        """Give thread and connection back; what is begun is undone."""
        if self._begun:
            self._begun.result(60)
        if self._block:
            self.finish(stands=False)
        self._thread.submit(self._leave).result(60)
        self._thread.shutdown()

    def _begin(self, deed: Callable[[], object]) -> None:
        self._block = transaction.atomic()
        self._block.__enter__()
        try:
            deed()
        except OperationalError:  # a deadlock, or too long a wait
            self._finish(stands=False)
        except BaseException:
            self._finish(stands=False)
            raise

    def _finish(self, stands: bool) -> None:
        block, self._block = self._block, None
        if block is None:
            return  # it had waited for too long and is undone
        if not stands:
            transaction.set_rollback(True)
        block.__exit__(None, None, None)

    def _leave(self) -> Any:
        connection.close()


def settle(hands: list[Hand]) -> None:
    """Let all that is begun stand, the waiting ones after those they wait for, until every hand is idle."""
    while not all(hand.is_idle for hand in hands):
        for hand in hands:
            if not hand.is_idle and not hand.is_waiting:
                hand.finish(stands=True)
        wait([hand._begun for hand in hands if hand._begun], PATIENCE)
