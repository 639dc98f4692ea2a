import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from embedded.programs import RUN_COMMANDS
from tests import databases
from tests.deploy.fronting import NGINX, ROOT, Front, Gunicorn, Origin, free_ports, nginx

PREPARE = (
    "migrate --no-input --verbosity=0",
    "collectstatic --no-input --verbosity=0",
    "error_pages",
    "import_seeds seeds --quiet",
)


@pytest.fixture(scope="package")
def needs_nginx() -> None:
    if not NGINX:
        pytest.skip("nginx is not installed (.ci/run installs it)")


@dataclass(frozen=True)
class Whole:
    """A site as it is deployed: nginx, gunicorn, and the database behind them."""

    front: Front
    web: Gunicorn
    database_url: str
    petition: str


@pytest.fixture(scope="package")
def whole(
    needs_nginx: None, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("front")
    with databases.migrated(f"deploy_{os.getpid()}") as url:
        environ = as_in_production(folder, url)
        subprocess.run([sys.executable, "-c", RUN_COMMANDS, *PREPARE], env=environ, cwd=ROOT, check=True)
        web = Gunicorn(environ, free_ports(1)[0], folder / "gunicorn.log")
        web.start()
        try:
            with nginx(folder, web.port) as front:
                yield Whole(front, web, url, a_petition(url))
        finally:
            web.stop()


@pytest.fixture
def origin() -> Iterator[Origin]:
    stand_in = Origin()
    yield stand_in
    stand_in.close()


@pytest.fixture
def front(needs_nginx: None, origin: Origin, tmp_path: Path) -> Iterator[Front]:
    """The shipped nginx before a stand-in."""
    with nginx(tmp_path, origin.port) as running:
        yield running


def as_in_production(folder: Path, url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SECRET_KEY", "IDENTITY_KEY", "REDIS_URL")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "SITE_URL": "https://localhost",
        "ALLOWED_HOSTS": "localhost",
        "OPERATOR_NAME": "Example",
        "CONTACT_EMAIL": "contact@example.org",
        "DEFAULT_FROM_EMAIL": "post@example.org",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "TRUSTED_PROXY_COUNT": "1",
        "STATIC_ROOT": str(folder / "srv" / "static"),
        "DATA_DIR": str(folder / "data"),
        "CELERY_QUEUE_PREFIX": f"deploy{os.getpid()}-",
    }


def answer_to(url: str, question: str) -> tuple[object, ...]:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    connection.close()
    assert row
    return tuple(row)


def a_petition(url: str) -> str:
    slug = answer_to(
        url, "SELECT slug, id FROM petitions_petition WHERE state = 'published' ORDER BY id LIMIT 1"
    )
    return (
        f"/petitions/{slug[0]}-{slug[1]}/"
        if not str(slug[0]).endswith(f"-{slug[1]}")
        else f"/petitions/{slug[0]}/"
    )
