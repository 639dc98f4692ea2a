"""A second one of a program beside the first, as happens when two are started by mistake or one is being replaced."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.chaos.ground import Part, Site


@contextmanager
def another_worker(site: Site, app: str = "config.celery") -> Iterator[Part]:
    """Run one more Celery worker, perhaps with another configuration."""
    command = tuple(
        f"--app={app}" if word.startswith("--app=") else word for word in site.worker.program.command
    )
    with _beside(site.worker, (*command, "--hostname=second@%h")) as part:
        yield part


@contextmanager
def another_beat(site: Site) -> Iterator[Part]:
    """Run one more beat, with a schedule file of its own."""
    own = f"--schedule={site.data.beat / 'second'}"
    command = tuple(own if word.startswith("--schedule=") else word for word in site.beat.program.command)
    with _beside(site.beat, command) as part:
        yield part


@contextmanager
def _beside(part: Part, command: tuple[str, ...]) -> Iterator[Part]:
    log = part.program.log.with_name(f"second-{part.name}.log")
    second = Part(
        f"second {part.name}", replace(part.program, command=command, log=log), lambda: _is_up(second)
    )
    second.start()
    try:
        yield second
    finally:
        second.kill()


def _is_up(part: Part) -> bool:
    return part.is_running and ("beat" in part.name or (" ready" in part.log and len(part.family()) >= 2))
