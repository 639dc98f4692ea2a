"""The commands of `python -m embedded`."""

import argparse
import os
from pathlib import Path

from embedded import backup, backup_restore, installing, processes, run, scratch
from embedded.screen import complain
from embedded.trouble import Trouble


def main(arguments: list[str]) -> int:
    """Carry out one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m embedded", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the starting process dies")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="the whole site in the foreground")
    install = commands.add_parser("install", help="the packages of a requirements file into .venv")
    install.add_argument("requirements", type=Path)
    throw_away = commands.add_parser("scratch", help="a command beside servers that are thrown away")
    throw_away.add_argument("--fast", action="store_true", help="do not wait for the disk")
    throw_away.add_argument("argv", nargs="+", metavar="COMMAND")
    _add_backup(commands)
    return _carry_out(parser.parse_args(arguments))


def _add_backup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backing_up = commands.add_parser("backup", help="the site as it is now into one file; it may be running")
    backing_up.add_argument("file", type=Path)
    backing_up.add_argument("--without-keys", action="store_true", help="when the keys are kept elsewhere")
    restoring = commands.add_parser("restore", help="the site from a backup; it must not be running")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="even if there is a site already")
    restoring.add_argument(
        "--drop-mails", action="store_true", help="send none of the mails that were queued"
    )


def _carry_out(options: argparse.Namespace) -> int:
    if options.with_parent:
        processes.die_with_parent()
    try:
        return _run(options)
    except Trouble as trouble:
        complain(trouble)
        return 1
    except OSError as error:  # a full disk, a file taken away under our feet
        complain(Trouble(f"{error.filename or 'The system'}: {error.strerror}."))
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "run":
            return run.run(os.environ)
        case "install":
            return installing.install(options.requirements)
        case "backup":
            return backup.run_backup(options.file, os.environ, with_keys=not options.without_keys)
        case "restore":
            wishes = {"replace": options.replace, "drop_mails": options.drop_mails}
            return backup_restore.run_restore(options.file, os.environ, **wishes)
        case _:
            return scratch.run(options.argv, os.environ, fast=options.fast)
