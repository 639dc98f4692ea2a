"""Starts programs, notices when one dies, stops them in reverse order."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from embedded.processes import Child, Program
from embedded.screen import short
from embedded.trouble import Trouble


@dataclass
class Supervisor:
    """The children of one run. Pausing may raise, to get out when somebody wants to stop."""

    pause: Callable[[float], None] = time.sleep
    inherits: tuple[int, ...] = ()
    children: list[Child] = field(default_factory=list)

    def start(self, program: Program) -> Child:
        """Start a program that is meant to run until we stop."""
        child = Child.start(replace(program, inherits=self.inherits))
        self.children.append(child)
        return child

    def finish(self, program: Program) -> None:
        """Run a program to its end, or say how it failed."""
        child = Child.start(replace(program, inherits=self.inherits))
        try:
            while child.is_running():
                self.check()
                self.pause(0.1)
        finally:
            child.stop()
        if child.process.returncode:
            raise _trouble(child, child.how_it_ended())

    def wait_for(self, child: Child, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Return as soon as the child is ready for others."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise _trouble(child, f"was not ready after {seconds:.0f} seconds")
            self.pause(0.03)

    def check(self) -> None:
        """Raise if a child has died."""
        for child in self.children:
            if not child.is_running():
                raise _trouble(child, child.how_it_ended())

    def watch(self) -> None:
        """Stay until a child dies or a pause raises."""
        while True:
            self.check()
            self.pause(60)

    def stop(self) -> None:
        """Stop all children, the youngest first."""
        while self.children:
            self.children[-1].stop()
            self.children.pop()


def _trouble(child: Child, what: str) -> Trouble:
    line = f"{child.program.name} {what}. The end of {short(child.program.log)}:"
    return Trouble(line, log_tail=child.tail() or "(empty)")
