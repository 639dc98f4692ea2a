"""What goes wrong in a way people can act on."""


class Trouble(Exception):
    """One clear line for the person at the terminal, with the end of a log where one helps."""

    def __init__(self, line: str, *, log_tail: str = "") -> None:
        super().__init__(line)
        self.log_tail = log_tail


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP arrived; raised only where stopping is safe."""
