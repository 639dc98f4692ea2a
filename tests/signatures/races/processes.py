"""A crew of real processes, each with threads and connections of its own; started once, told what to do at once."""

import multiprocessing as mp
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Any

from django.db import connections

from tests.signatures.races import loaded

PATIENCE = 90.0


@dataclass(frozen=True)
class Job:
    """One thread’s work: the name of an act, and what it is called with."""

    act: str
    arguments: dict[str, Any]


class Crew:
    """So many processes that wait for jobs; those of one round start at one moment."""

    def __init__(self, processes: int, database: str) -> None:
        context = mp.get_context("forkserver")
        # Loading the site takes longer than most of what they do; one process loads it, and they are forked from that.
        context.set_forkserver_preload([loaded.__name__])
        # Kept: a named semaphore goes with its last owner, and the processes take some time to begin.
        self.barrier = context.Barrier(processes)
        pipes = [context.Pipe() for _ in range(processes)]
        self.pipes = [ours for ours, _ in pipes]
        self.members = [
            context.Process(target=_serve, args=(theirs, self.barrier, database), daemon=True)
            for _, theirs in pipes
        ]
        for member in self.members:
            member.start()
        self.is_busy = False

    def start(self, jobs: list[Job]) -> None:
        """Deal the jobs out; all of them begin at once."""
        self.is_busy = True
        for number, pipe in enumerate(self.pipes):
            pipe.send(jobs[number :: len(self.pipes)])

    def results(self) -> list[Any]:
        """Return what each job returned, or the exception that ended it, as text."""
        for pipe in self.pipes:
            assert pipe.poll(PATIENCE), "the crew did not finish in time"
        self.is_busy = False
        return [result for pipe in self.pipes for result in pipe.recv()]

    def run(self, jobs: list[Job]) -> list[Any]:
        """Start and wait."""
        self.start(jobs)
        return self.results()

    def dismiss(self) -> None:
        """End the processes."""
        for pipe in self.pipes:
            pipe.close()
        for member in self.members:
            member.join(10)
            if member.is_alive():
                member.kill()


def _serve(pipe: Connection, barrier: Any, database: str) -> None:
    connections.settings["default"]["NAME"] = database
    while True:
        try:
            jobs = pipe.recv()
        except EOFError:
            return
        pipe.send(_work(jobs, barrier))


def _work(jobs: list[Job], barrier: Any) -> list[Any]:
    together = Barrier(len(jobs) + 1)

    def alone(job: Job) -> Any:
        try:
            try:
                connections["default"].ensure_connection()
            finally:
                together.wait(PATIENCE)
            return getattr(loaded.acts, job.act)(**job.arguments)
        except Exception as fault:  # noqa: BLE001 - the test judges it
            return f"{type(fault).__name__}: {fault}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs) or 1) as threads:
        futures = [threads.submit(alone, job) for job in jobs]
        barrier.wait(PATIENCE)
        together.wait(PATIENCE)
        return [future.result() for future in futures]
