"""Signals: noticed at once, acted on only where it is safe."""

import contextlib
import os
import select
import signal
from types import FrameType
from typing import Self

from embedded.trouble import StopRequested

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Attention:
    """While entered, a wish to stop or the end of a child cuts every pause short."""

    def __init__(self) -> None:
        self.stop_signal: int | None = None
        self._terminal = _own_terminal()

    def __enter__(self) -> Self:
        self._ear, self._bell = os.pipe()
        self._poll = select.poll()
        self._poll.register(self._ear, select.POLLIN)
        if self._terminal is not None:
            self._poll.register(self._terminal, 0)
        for end in (self._ear, self._bell):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        self._before = {number: signal.getsignal(number) for number in (*STOP_SIGNALS, signal.SIGCHLD)}
        for number, handler in self._before.items():
            if number != signal.SIGHUP or handler != signal.SIG_IGN:  # nohup asked for that
                signal.signal(number, self._notice)
        return self

    def __exit__(self, *error: object) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._ear)
        os.close(self._bell)

    def _notice(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.stop_signal = self.stop_signal or number

    def rest(self, seconds: float) -> None:
        """Sleep, but wake up for any signal, and take a terminal that is gone for one."""
        for descriptor, _ in self._poll.poll(seconds * 1000):
            if descriptor == self._terminal:
                self._poll.unregister(descriptor)
                self._notice(signal.SIGHUP, None)
        with contextlib.suppress(BlockingIOError):
            os.read(self._ear, 4096)

    def pause(self, seconds: float) -> None:
        """Sleep, wake up for any signal, and raise if one of them asks to stop."""
        self.rest(0 if self.stop_signal else seconds)
        if self.stop_signal:
            raise StopRequested(signal.Signals(self.stop_signal).name)


def _own_terminal() -> int | None:
    """Return the terminal whose foreground we are: when it closes, SIGHUP may stay with `make`."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        return None
    try:
        return 0 if os.tcgetpgrp(0) == os.getpgrp() else None
    except OSError:
        return None
