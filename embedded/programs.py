"""The site's own programs: what prepares the data, and what serves."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from embedded import environment
from embedded.data_dir import ROOT, DataDir
from embedded.processes import Program

# One process for all of them: loading the site takes longer than most of the commands.
RUN_COMMANDS = """
import sys
from django.core.management import execute_from_command_line
for command in sys.argv[1:]:
    execute_from_command_line(["manage.py", *command.split()])
"""

# One pool of memory for all threads of a process: in Python they take turns anyway, and each pool keeps what it once had.
ONE_POOL = {"MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True)
class Site:
    """What is run once before serving, and what serves, in the order of starting."""

    prepare: Program
    serve: tuple[Program, ...]


def site(data: DataDir, settings: Mapping[str, str]) -> Site:
    """Return the programs of the real site."""
    worker, beat, web = _worker(settings), _beat(data), _web()
    return Site(
        _program("Preparing the database", "prepare", _prepare(settings), data, settings),
        (
            _program(
                "The Celery worker",
                "worker",
                worker,
                data,
                settings,
                (signal.SIGTERM, 8),
                (signal.SIGQUIT, 7),
            ),
            _program("Celery beat", "beat", beat, data, settings, (signal.SIGTERM, 4)),
            _program("The web server", "web", web, data, settings, (signal.SIGTERM, 8)),
        ),
    )


def _program(
    name: str,
    log: str,
    command: tuple[str, ...],
    data: DataDir,
    settings: Mapping[str, str],
    *stops: tuple[signal.Signals, float],
) -> Program:
    # Beat only rings by name, so it does not load Django: a third of the memory and of the start.
    module = "" if log == "beat" else "config.settings"
    environ = {**settings, "DJANGO_SETTINGS_MODULE": module, "PYTHONUNBUFFERED": "1", **ONE_POOL}
    stops = stops or ((signal.SIGTERM, 5),)
    return Program(name, (sys.executable, *command), data.log(log), stops=stops, environ=environ)


def _prepare(settings: Mapping[str, str]) -> tuple[str, ...]:
    commands = ["migrate --no-input --verbosity=0"]
    if environment.is_local(settings):
        commands.append("first_admin")
    if (ROOT / "seeds").is_dir():
        commands.append("import_seeds seeds --quiet")
    return ("-c", RUN_COMMANDS, *commands)


def _web() -> tuple[str, ...]:
    return ("-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi:application")


def _worker(settings: Mapping[str, str]) -> tuple[str, ...]:
    prefix = settings.get("CELERY_QUEUE_PREFIX", "")
    queues = f"--queues={prefix}urgent,{prefix}bulk"
    concurrency = f"--concurrency={settings.get('CELERY_CONCURRENCY') or 2}"
    # Nobody listens to heartbeats, and while the broker hangs a worker does nothing else but try to send one.
    silent = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return (*_celery("worker", settings), queues, concurrency, *silent)


def _beat(data: DataDir) -> tuple[str, ...]:
    return (*_celery("beat", {}), f"--schedule={data.beat / 'schedule'}", "--pidfile=")


def _celery(command: str, settings: Mapping[str, str]) -> tuple[str, ...]:
    return (
        "-m",
        "celery",
        "--app=config.celery",
        "--quiet",
        command,
        f"--loglevel={settings.get('LOG_LEVEL') or 'INFO'}",
    )
