"""A real browser in front of the real site; every page that a journey opens is held to the policy."""

import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from tests.journeys.site import Backstage, Site, running
from tests.smtp_sink import Sink, smtp_server

# Debian's Chromium without a window: the same engine in half the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Else twice as many processes are started, and all pages are one site's.
    "--renderer-process-limit=1",
]
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# Else axe asks for what style sheets import, by names that it takes for the page's own, and the site answers 404.
AS_LOADED = {"preload": False, "resultTypes": ["violations"]}
# There are few colours on all pages, and axe takes each of them apart anew for each element.
REMEMBER_COLOURS = """() => {
    const color = axe.commons.color.Color.prototype, parse = color.parseString, known = new Map();
    color.parseString = function (text) {
        if (!known.has(text)) {
            parse.call(this, text);
            known.set(text, [this.r, this.g, this.b, this.alpha]);
        }
        [this.r, this.g, this.b, this.alpha] = known.get(text);
        return this;
    };
}"""
# What passes is not looked at; it would be written out and read for each page.
EXAMINE = "options => axe.run(options).then(({violations}) => ({violations}))"
# What they do to a page is done by the time that it is examined.
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)
# A busy machine takes its time.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the journeys by name where there is no browser; in continuous integration there must be one."""
    for item in items:
        if "journeys" in item.path.parts and CHROMIUM is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="no chromium here: apt install chromium-headless-shell"))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="package")
def postbox() -> Iterator[Sink]:
    """Return a real SMTP server's mails."""
    with smtp_server() as sink:
        yield sink


@pytest.fixture(scope="package")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, postbox: Sink) -> Iterator[Site]:
    """Return the running site, with the repository's seeds in it."""
    folder: Path = tmp_path_factory.mktemp("site")
    with running(folder, port=free_port(), smtp_port=postbox.port) as started:
        yield started


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "chromium is missing; .ci/run installs it"
    # Playwright leaves a loop behind in this thread; Django would refuse to serve the tests that come after.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages, each with cookies of its own; afterwards no page may have broken the policy."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def make(*, width: int = 1280, height: int = 900, javascript: bool = True, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if _is_violation(message) else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _is_violation(message: Any) -> bool:
    return message.type == "error" and bool(re.search(r"Content Security Policy|Refused to", message.text))


@pytest.fixture(scope="package")
def backstage(site: Site) -> Iterator[Backstage]:
    """Return what makes people, petitions and signatures, so that a journey begins where it is interesting."""
    with site.backstage() as ready:
        yield ready


@pytest.fixture
def seed(backstage: Backstage) -> Callable[[str], str]:
    """Return a finder of the path of one of the seeds' petitions; other journeys read the count of others."""
    return lambda title: backstage("seed", title=title)


@pytest.fixture
def enter(open_page: Callable[..., Page], site: Site, backstage: Backstage) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages of somebody who is signed in; afterwards none may have an error in its console."""
    errors: list[tuple[str, str]] = []
    refused: set[str] = set()

    def note(response: Response) -> None:
        if response.request.is_navigation_request() and not response.ok:
            refused.add(response.url)

    def make(who: tuple[str, ...], **window: Any) -> Page:
        page = open_page(**window)
        email, name, *group = who
        key = backstage("member", email=email, name=name, group="".join(group))
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
        page.on("response", note)
        page.on(
            "console",
            lambda said: errors.append((said.text, said.location["url"])) if said.type == "error" else None,
        )
        return page

    yield make
    # The browser tells of a page that is meant to answer 409 or 410, too.
    assert [(text, url) for text, url in errors if url not in refused] == []


@pytest.fixture(scope="package")
def examined(browser: Browser, site: Site) -> Iterator[Page]:
    """Return a page of the site whose policy lets axe in; what another page shows is put into it."""
    context = browser.new_context(bypass_csp=True, base_url=site.url)
    page = context.new_page()
    page.goto("/healthz")
    # Once: its window keeps axe, half a megabyte, whatever content is set.
    page.evaluate(Axe().axe_script)
    page.evaluate(REMEMBER_COLOURS)
    yield page
    context.close()


@pytest.fixture
def assert_accessible(examined: Page) -> Callable[..., None]:
    """Return a check that axe finds nothing on a page as it is now, also on an answer to something posted."""

    def check(page: Page, *, only: tuple[str, ...] = ()) -> None:
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        examined.emulate_media(color_scheme="dark" if is_dark else "light")
        examined.set_viewport_size(page.viewport_size or {"width": 1280, "height": 900})
        examined.set_content(SCRIPTS.sub("", page.content()))
        rules = {"runOnly": {"type": "tag", "values": list(only)}} if only else {}
        results = AxeResults(examined.evaluate(EXAMINE, {**AS_LOADED, **rules}))
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture
def assert_accessible_now(assert_accessible: Callable[..., None]) -> Callable[[Page], None]:
    """Return the same check by the standards' rules alone: Django's admin has habits that are no breach of them."""
    return lambda page: assert_accessible(page, only=WCAG)


@pytest.fixture
def mail_for(postbox: Sink) -> Callable[..., EmailMessage]:
    """Return a waiter for the newest mail of a kind to an address."""

    def wait(address: str, kind: str, seconds: float = 20) -> EmailMessage:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for mail in reversed(postbox.mails):
                if mail["X-Mail-Kind"] == kind and address in mail["To"]:
                    return mail
            time.sleep(0.05)
        found = [(mail["To"], mail["X-Mail-Kind"]) for mail in postbox.mails]
        raise AssertionError(f"no {kind} for {address} within {seconds} s; there are {found}")

    return wait
