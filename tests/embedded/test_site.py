"""The true site, started the way people start it. One test, because starting takes seconds."""

import os
import re
import signal
import urllib.request
from pathlib import Path

from embedded import lock
from embedded.postgres import PATTERN
from tests.embedded.launching import REAL, Launched, is_alive, launched, run_to_end


def test_it_brings_up_the_whole_site_and_takes_it_down_when_a_part_dies(data: Path) -> None:
    # As on a machine where nothing is prepared: the cluster is made, not copied.
    with launched(data, *REAL, **{PATTERN: ""}) as site:
        site.until_ready(seconds=120)
        pages_answer(site)
        administrator_can_find_the_password(site)
        manage_py_in_another_terminal_finds_it(site)
        all_stop_when_a_part_dies(site)


def pages_answer(site: Launched) -> None:
    for path in ("/", "/dev/mail/", "/accounts/login/", "/readyz"):
        assert page(site, path)
    seeded = re.search(r'href="(/petitions/[\w-]+-\d+/)"', page(site, "/petitions/"))
    assert seeded
    assert "0 have signed. Let’s get to" in page(site, seeded[1])


def administrator_can_find_the_password(site: Launched) -> None:
    password = site.data.admin_password
    assert password.stat().st_mode & 0o777 == 0o600
    assert len(password.read_text().strip()) >= 20
    assert f"sign in as admin@localhost.localdomain with the password in {password}" in site.text


def manage_py_in_another_terminal_finds_it(site: Launched) -> None:
    assert run_to_end(site.data.path, "manage.py", "migrate", "--check") == (0, "")


def all_stop_when_a_part_dies(site: Launched) -> None:
    family = site.family()
    workers = [pid for pid in family if re.search(r"config\.celery\W--quiet\Wworker", command_line(pid))]
    os.kill(min(workers), signal.SIGKILL)
    assert site.wait() == 1
    assert "The Celery worker was killed by signal 9. The end of" in site.text
    assert not lock.is_held(site.data.lock)
    assert not any(is_alive(pid) for pid in family)


def page(site: Launched, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{site.port}{path}", timeout=20) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()
