"""What the rows stand on: a whole durable site, the anchors beside it, and what was done to it, to be checked at the end."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any

from bench import load, sink
from bench.client import Line
from bench.load import Refused, Target
from bench.sink import Counted
from embedded import binaries
from embedded.data_dir import ROOT
from embedded.processes import Program
from embedded.programs import ONE_POOL
from tests.chaos import ground, visits
from tests.chaos.crowd import Request
from tests.chaos.ground import HOST, Part, Site
from tests.deploy.fronting import NGINX, Front, nginx
from tests.embedded.launching import clean_environ, free_port

# High enough that nobody has to be told of anything.
NO_GOAL = 10_000_000
# From here on `bench.populate` makes indexes anew.
MANY = 50_000
PATIENCE = 300.0
# What PostgreSQL has of its own, and a laptop's server does without: production writes the longer log.
AS_PACKAGED = {"wal_level": "replica", "max_wal_senders": "10"}
# So near to its size stays a small petition in a round.
CLICKS_ON_A_SMALL_ONE = 5
WARM_SECONDS, WARM_CONNECTIONS, WARM_CLICKS = 2, 16, 32
Person = dict[str, Any]
_SIGNED = re.compile(r" signatures on (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    rounds: int = 5
    seconds: float = 4
    petitions: int = 100_000
    few: int = 10
    some: int = 10_000
    many: int = 1_000_000
    # Members who sign in one round of one measurement.
    signers: int = 1_500
    # Pages of other petitions, in one round.
    pages: int = 500
    sustained: float = 60
    visitors: int = 128
    # So many that the 95th percentile of the home page's waits is not the longest of them.
    look_ups: int = 24
    # Of a page at each of three sizes that has just gone stale.
    stale_looks: int = 8
    supporters: int = 100_000
    seeds: int = 10_000
    rest: float = 10

    @property
    def signed_at_each_size(self) -> int:
        """How many sign in one round at each of three sizes."""
        return self.signers // 3


QUICK = Sizes(
    rounds=2,
    seconds=1,
    petitions=200,
    few=10,
    some=30,
    many=300,
    signers=60,
    pages=40,
    sustained=4,
    visitors=8,
    look_ups=2,
    stale_looks=2,
    supporters=120,
    seeds=20,
    rest=2,
)


@dataclass
class Petition:
    """One that is signed here, with how many confirmed signatures it must have."""

    id: int
    slug: str
    expected: int

    @property
    def path(self) -> str:
        """Its page."""
        return f"/petitions/{self.slug}/"

    def facts(self) -> dict[str, Any]:
        """Return it as `tests.chaos.visits` wants it."""
        return {"path": self.path}


@dataclass
class Bench:
    """One run. What a row needs is started when it is asked for first, and all of it stopped at the end."""

    sizes: Sizes
    stack: contextlib.ExitStack
    say: Callable[[str], None]
    petitions: list[Petition] = field(default_factory=list)
    people: int = 0
    # Mails that must have come in the end, by kind.
    due: Counter[str] = field(default_factory=Counter)

    @cached_property
    def sink(self) -> Counted:
        """The mail server."""
        return self.stack.enter_context(sink.running())

    @cached_property
    def site(self) -> Site:
        """The whole site, as full as it is to be, on servers of its own."""
        self.say("starting the site")
        site = self.stack.enter_context(
            ground.site(
                EMAIL_URL=f"smtp://127.0.0.1:{self.sink.port}",
                # nginx passes the name on by which it was asked.
                ALLOWED_HOSTS=f"{HOST},localhost",
                # A second factor is of no use to a program that is signed in already.
                STAFF_MFA_REQUIRED="0",
            )
        )
        _give_room(site.postgres)
        self._fill(site)
        return site

    @property
    def is_up(self) -> bool:
        """Whether the site was asked for."""
        return "site" in self.__dict__

    @property
    def web(self) -> Target:
        """The site's gunicorn."""
        return Target(self.site.port, HOST)

    @cached_property
    def hello(self) -> Target:
        """The same gunicorn before a bare project."""
        port = free_port()
        program = bare_project(port, self.folder / "hello.log")
        part = Part("hello", program, lambda: _answers(Target(port, HOST)))
        part.start()
        self.stack.callback(part.kill)
        return Target(port, HOST)

    @cached_property
    def front(self) -> Front | None:
        """The shipped nginx before the site, where nginx is installed."""
        if not NGINX:
            return None
        folder = self.folder / "nginx"
        (folder / "srv" / "static").mkdir(parents=True)
        return self.stack.enter_context(nginx(folder, self.site.port))

    @property
    def outside(self) -> Target:
        """What the world sees: nginx, or gunicorn where there is none."""
        return Target(self.front.port, "localhost", tls=True) if self.front else self.web

    @cached_property
    def folder(self) -> Path:
        """A folder for what is in the way afterwards."""
        return Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="hundred-bench-")))

    def _fill(self, site: Site) -> None:
        self.say(f"making {self.sizes.petitions:,} petitions")
        with _counting_stopped(site):
            self._populate(site, "--petitions", str(self.sizes.petitions))

    def _populate(self, site: Site, *arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "bench.populate", *arguments],
            cwd=ROOT,
            env=site.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refused(f"bench.populate: {done.stderr[-4000:]}")
        # What autovacuum and a checkpoint do within minutes, so that no row meets them at work.
        site.sql("VACUUM (ANALYZE)")
        _write_to_disk(site)
        return _SIGNED.findall(done.stdout)[0].split(", ")

    def make(
        self, petitions: int, signatures: int, *, first_goal: int = NO_GOAL, all_mailed: bool = False
    ) -> list[Petition]:
        """Make so many more petitions with so many signatures on each."""
        site = self.site
        self.say(f"making {petitions} × {signatures:,} signatures")
        wanted = ["--petitions", str(petitions), "--signatures", str(signatures), "--everywhere"]
        more = ["--first-goal", str(first_goal), *(["--all-mailed"] if all_mailed else [])]
        with _counting_stopped(site) if petitions * signatures >= MANY else contextlib.nullcontext():
            slugs = self._populate(site, *wanted, *more)
        made = [Petition(int(slug.rpartition("-")[2]), slug, signatures) for slug in slugs]
        self.petitions += made
        return made

    @cached_property
    def few(self) -> list[list[Petition]]:
        """Petitions with a handful of signatures for each round, so many that one round hardly makes it more."""
        each = -(-self.sizes.signed_at_each_size // CLICKS_ON_A_SMALL_ONE)
        made = self.make(self.sizes.rounds * each, self.sizes.few)
        return [made[start : start + each] for start in range(0, len(made), each)]

    @cached_property
    def some(self) -> Petition:
        """A petition that does well."""
        return self.make(1, self.sizes.some)[0]

    @cached_property
    def many(self) -> Petition:
        """A petition that everybody talks about."""
        return self.make(1, self.sizes.many)[0]

    def numbers(self, count: int) -> range:
        """Return so many numbers of people, each with a network of its own."""
        self.people += count
        return range(self.people - count, self.people)

    def members(self, count: int) -> list[Person]:
        """Make so many people who are signed in."""
        people: list[Person] = self.site.act("people", number=count)
        return [{**person, "number": n} for person, n in zip(people, self.numbers(count), strict=True)]

    def clicks(self, petition: Petition, count: int) -> list[Request]:
        """Return the clicks of so many new members."""
        return self.spread([petition], count)

    def spread(self, petitions: Sequence[Petition], count: int) -> list[Request]:
        """Return the clicks of so many new members, on each of these in turn."""
        return [
            visits.sign(petition.facts(), person, number=person["number"])
            for petition, person in zip(cycle(petitions), self.members(count), strict=False)
        ]

    def warm_signing(self, petition: Petition) -> None:
        """Likewise for clicks."""
        self.sign(petition, self.clicks(petition, WARM_CLICKS))

    def sign(self, petition: Petition, clicks: list[Request]) -> load.Reply:
        """Let these members sign as fast as gunicorn takes it; each must have signed afterwards."""
        return self.sign_each([petition], clicks)

    def sign_each(self, petitions: Sequence[Petition], clicks: list[Request]) -> load.Reply:
        """Likewise on each of these in turn."""
        reply = load.once(self.web, clicks)
        for nth, petition in enumerate(petitions):
            self.signed(petition, len(clicks[nth :: len(petitions)]))
        return reply

    def signed(self, petition: Petition, number: int) -> None:
        """Note so many more signatures, and see that they are there."""
        petition.expected += number
        found = self.confirmed(petition)
        if found != petition.expected:
            raise Refused(f"{petition.slug} has {found} signatures, not {petition.expected}")

    def confirmed(self, petition: Petition) -> int:
        """Count the rows."""
        query = "SELECT count(*) FROM signatures_signature WHERE petition_id = %s AND state = 'confirmed'"
        return self.site.number(query, [petition.id])

    def warm(self, *paths: str) -> None:
        """Let every worker load what these pages need, so that no round pays for it."""
        load.again(self.web, [Request(path) for path in paths], WARM_SECONDS, connections=WARM_CONNECTIONS)

    def get(self, target: Target, path: str, *, expected: int = load.OK) -> bytes:
        """Fetch one page; another status is a fault."""
        line = Line(target.port, tls=target.tls)
        status, body = line.ask(target.raw(Request(path)).encode())
        line.close()
        if status != expected:
            raise Refused(f"{path}: {status}")
        return body

    def postgres(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's own programs on the site's database and return what it says."""
        command = [binaries.find_postgres().program(program), *arguments, self.site.settings["DATABASE_URL"]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refused(f"{program}: {done.stderr[-2000:]}")
        return done.stdout

    def until_quiet(self, seconds: float = 300) -> None:
        """Wait until everything is counted and mailed."""
        self.site.until_counted(seconds)
        self.site.until_mailed(seconds)


@contextlib.contextmanager
def bench(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Bench]:
    """Make a run, and stop whatever it has started."""
    with contextlib.ExitStack() as stack:
        yield Bench(sizes, stack, say)


def _write_to_disk(site: Site) -> None:
    """Have a checkpoint now; the site's own role may not."""
    url = site.settings["DATABASE_URL"].replace("://app@", "://postgres@")
    replace(site, settings={**site.settings, "DATABASE_URL": url}).sql("CHECKPOINT")


def bare_project(port: int, log: Path) -> Program:
    """Return the anchor's server, with the memory that the site's own has."""
    environ = clean_environ(PORT=str(port), PATH=os.environ["PATH"], **ONE_POOL)
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    command = (sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "bench.hello:application")
    return Program("hello", command, log, environ=environ)


def _give_room(postgres: Part) -> None:
    """Let it have what docs/operations.md advises for a site that many sign, and the log that a replica could read."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    room = {"shared_buffers": f"{memory // 4 // 2**20}MB", "max_wal_size": "1GB", **AS_PACKAGED}
    # Of an option that is given twice the latter counts.
    options = [f"--{name}={value}" for name, value in room.items()]
    postgres.program = replace(postgres.program, command=(*postgres.program.command, *options))
    postgres.restart()


@contextlib.contextmanager
def _counting_stopped(site: Site) -> Iterator[None]:
    """Stop the worker meanwhile: it would wait for tables whose indexes are being made."""
    for part in (site.beat, site.worker):
        part.stop()
    yield
    for part in (site.worker, site.beat):
        part.start(wait=False)
        part.until_ready(PATIENCE)


def _answers(target: Target) -> bool:
    line = Line(target.port, tls=target.tls)
    with contextlib.suppress(OSError):
        return line.ask(target.raw(Request("/")).encode())[0] == load.OK
    return False
