"""The shipped pgbouncer.ini between gunicorn and PostgreSQL: a connection for each transaction, and none for longer."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg2
import pytest

from config import databases
from tests.deploy.conftest import Whole, answer_to
from tests.deploy.fronting import DEPLOY, Answer, Gunicorn, free_ports, hidden_fields, is_open
from tests.embedded.launching import until

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SHIPPED = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not PGBOUNCER, reason="pgbouncer is not installed (.ci/run installs it)"),
]


def configured(folder: Path, url: str) -> int:
    """Write the shipped configuration with this machine's places in it, and two connections for all."""
    port = free_ports(1)[0]
    at = urlsplit(url)
    server = f"host={host_of(url)} port={at.port or 5432} dbname={at.path[1:]} user={at.username}"
    server += f" password={at.password}" if at.password else ""
    places = {
        "hundred = host=10.0.0.1 port=5432 dbname=hundred": f"hundred = {server}",
        "listen_port = 6432": f"listen_port = {port}\nunix_socket_dir =",
        "auth_type = scram-sha-256": "auth_type = any",
        "auth_file = /etc/pgbouncer/userlist.txt": "",
        "server_tls_sslmode = require": "",
        "default_pool_size = 10": "default_pool_size = 2",
    }
    text = SHIPPED
    for shipped, here in places.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    (folder / "pgbouncer.ini").write_text(text, encoding="utf-8")
    return port


def host_of(url: str) -> str:
    at = urlsplit(url)
    return at.hostname or parse_qs(at.query)["host"][0]


def somebody(url: str) -> int | None:
    """PgBouncer refuses to run as root: then whoever owns PostgreSQL's socket folder runs it."""
    if os.geteuid():
        return None
    place = Path(host_of(url))
    return (place.stat().st_uid if place.is_dir() else 0) or 65534


@pytest.fixture(scope="module")
def pooled_url(whole: Whole) -> Iterator[str]:
    # Not below pytest's own folder, which is closed to others.
    with tempfile.TemporaryDirectory() as name:
        folder, user = Path(name), somebody(whole.database_url)
        folder.chmod(0o755)
        port = configured(folder, whole.database_url)
        process = subprocess.Popen([str(PGBOUNCER), str(folder / "pgbouncer.ini")], user=user, cwd="/")
        try:
            until(lambda: process.poll() is not None or is_open(port), "pgbouncer listens")
            assert process.poll() is None
            yield f"postgres://app@127.0.0.1:{port}/hundred?sslmode=disable"
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def pooled(whole: Whole, pooled_url: str, tmp_path: Path) -> Iterator[Gunicorn]:
    """A second web server on the same site, behind the pooler."""
    environ = whole.web.environ | {"DATABASE_URL": pooled_url, "DATABASE_POOLED": "1"}
    web = Gunicorn(environ, free_ports(1)[0], tmp_path / "gunicorn.log")
    web.start()
    yield web
    web.stop()


def test_it_sets_each_limit_that_the_site_would_ask_for(pooled_url: str):
    for name, value in databases.SESSION.items():
        wanted = "SELECT word_similarity('a', 'b')" if name.startswith("pg_trgm") else "SELECT 1"
        answer_to(pooled_url, wanted)
        assert answer_to(pooled_url, f"SHOW {name}") == (value,)


def test_it_refuses_a_site_that_does_not_know_of_it(pooled_url: str):
    """That is why there is a setting."""
    known = databases.options({}, pooled=False)["OPTIONS"]["options"]
    with pytest.raises(psycopg2.OperationalError, match="unsupported startup parameter: options"):
        psycopg2.connect(pooled_url, options=known)


def test_many_people_share_two_connections(whole: Whole, pooled: Gunicorn):
    """Pages, forms that write under locks, and a list whose rows come in portions."""
    sign = f"{whole.petition}sign/"
    with ThreadPoolExecutor(8) as crowd:
        pages = [crowd.submit(pooled.ask, path) for path in ("/", "/petitions/?q=lamps", whole.petition) * 8]
        signed = [crowd.submit(sign_as, pooled, sign, f"crowd-{each}@example.org") for each in range(12)]
        assert {page.result().status for page in pages} == {200}
        assert {answer.result().status for answer in signed} == {302}
    question = "SELECT count(*) FROM signatures_signature WHERE email LIKE 'crowd-%'"
    assert answer_to(whole.database_url, question) == (12,)


def sign_as(web: Gunicorn, path: str, email: str) -> Answer:
    form = web.ask(path)
    typed = {"name": "Carol Singer", "email": email, "consent": "on"}
    return web.ask(
        path,
        "POST",
        urlencode({**hidden_fields(form.body), **typed}).encode(),
        Cookie=form.headers["Set-Cookie"].split(";")[0],
        Referer="https://localhost/",
        Content_Type="application/x-www-form-urlencoded",
    )
