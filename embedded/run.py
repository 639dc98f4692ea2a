"""`python -m embedded run`: the whole site in the foreground, until Ctrl-C."""

import http.client
import time
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from urllib.parse import urlsplit

from embedded import binaries, data_dir, environment, identity, listening, lock, privileges, programs, servers
from embedded.attention import Attention
from embedded.data_dir import DataDir
from embedded.identity import Identity
from embedded.programs import Site
from embedded.screen import complain, say, short
from embedded.servers import Ground
from embedded.supervisor import Supervisor
from embedded.trouble import StopRequested, Trouble

SiteMaker = Callable[[DataDir, Mapping[str, str]], Site]


def run(environ: Mapping[str, str], make_site: SiteMaker = programs.site) -> int:
    """Serve until somebody stops us or something fails; return the exit status."""
    with Attention() as attention:
        try:
            status = _claim_and_serve(environ, make_site, Supervisor(attention.pause))
        except StopRequested:
            status = 0
        except Trouble as trouble:
            complain(trouble)
            return 1
    say("Stopped.")
    return status


def _claim_and_serve(environ: Mapping[str, str], make_site: SiteMaker, supervisor: Supervisor) -> int:
    began = time.monotonic()
    data = data_dir.find(environ)
    environment.check_local(environment.chosen(environ, data, {}))
    if wanted := servers.missing(environ):
        binaries.check_platform()
    data_dir.prepare(data)
    busy = f"The site is already running on {short(data.path)}"
    with lock.hold(data.lock, busy=busy, pause=supervisor.pause) as descriptor:
        supervisor.inherits = (descriptor,)
        who = identity.load(data)
        settings = environment.chosen(environ, data, who.keys())
        listening.check_port(settings)
        say(f"Starting with the data in {short(data.path)} …")
        with servers.running(wanted, ground(data, who, wanted), supervisor) as urls:
            return _serve(make_site(data, settings | urls), data, settings | urls, supervisor, began)


def _serve(
    site: Site, data: DataDir, settings: Mapping[str, str], supervisor: Supervisor, began: float
) -> int:
    try:
        _prepare(site, data, settings, supervisor)
        environment.write(data, settings)
        _start(site, settings, supervisor)
        _introduce(data, settings, time.monotonic() - began)
        supervisor.watch()
    except StopRequested as wish:
        say(f"\nStopping ({wish}) …")
    except Trouble as trouble:
        complain(trouble)
        say("Stopping the rest …")
        return 1
    finally:
        supervisor.stop()
        data.environment.unlink(missing_ok=True)
    return 0


def _prepare(site: Site, data: DataDir, settings: Mapping[str, str], supervisor: Supervisor) -> None:
    had_password = data.admin_password.exists()
    supervisor.finish(site.prepare)
    if data.admin_password.exists() and not had_password:
        data_dir.write_private(data.admin_email, settings["ADMIN_EMAIL"])


def _start(site: Site, settings: Mapping[str, str], supervisor: Supervisor) -> None:
    for program in site.serve:
        web = supervisor.start(program)
    supervisor.wait_for(web, lambda: _answers(settings), seconds=90)


def _answers(settings: Mapping[str, str]) -> bool:
    connection = http.client.HTTPConnection(settings["HOST"].strip("[]"), int(settings["PORT"]), timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings["SITE_URL"]).netloc})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _introduce(data: DataDir, settings: Mapping[str, str], seconds: float) -> None:
    site = settings["SITE_URL"].rstrip("/")
    mail = "is sent through EMAIL_URL" if settings.get("EMAIL_URL") else f"{site}/dev/mail/"
    say(f"{settings.get('SITE_NAME', 'Hundred')} is ready ({seconds:.1f} s).\n")
    say(f"  Site      {site}/")
    say(f"  Mail      {mail}")
    say(f"  Admin     {site}/admin/")
    if data.admin_email.exists() and data.admin_password.exists():
        say(
            f"            sign in as {data.admin_email.read_text()} with the password in {short(data.admin_password)}"
        )
    say("\nPress Ctrl-C to stop.")


def ground(data: DataDir, who: Identity, wanted: AbstractSet[str]) -> Ground:
    """Return the places of the servers of the site in this data folder."""
    away = privileges.is_root() and "DATABASE_URL" in wanted
    home: Path = privileges.home_for_root(who.id) if away else data.path / "postgres"
    return Ground(who.id, home, data.valkey, data.path / "logs", data.socket_note)
