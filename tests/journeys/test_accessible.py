"""axe finds nothing on any page, in light and in dark, on a phone and on a desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import write_petition

# Each theme once and each width once: a page differs by the one or the other.
WINDOWS = [(360, True), (1280, False)]
PUBLIC = [
    "/", "/petitions/", "/petitions/?q=library", "/petitions/?q=unicycles", "/about/", "/privacy/", "/rules/",
    "/petitions/start/", "/petitions/nothing-999999/", "/accounts/login/", "/accounts/signup/",
    "/accounts/login/code/", "/accounts/password/reset/",
]  # fmt: skip
MINE = [
    "/petitions/mine/", "/petitions/start/", "/accounts/profile/", "/accounts/email/", "/accounts/password/set/",
    "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/",
]  # fmt: skip
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_public_pages(open_page, assert_accessible, width: int, dark: bool):
    page = open_page(width=width, dark=dark)
    for address in PUBLIC:
        page.goto(address)
        assert_accessible(page)
    page.goto("/petitions/?q=denver")
    page.get_by_role("link", name=re.compile("Ask Denver’s mayor to let")).click()
    assert_accessible(page)


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_a_members_pages(enter, assert_accessible, width: int, dark: bool):
    page = enter((f"axel-{width}@example.org", "Axel"), width=width, dark=dark)
    page.goto("/petitions/start/")
    write_petition(page, f"Ramps for the town hall, {width}")
    page.get_by_label("Your name, as people will see it").fill("Axel")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft").first).to_be_visible()
    room = page.url
    check_all(page, assert_accessible, [*MINE, room, f"{room}edit/", f"{room}preview/", f"{room}delete/"])


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_the_moderators_desk(enter, assert_accessible, site, width: int, dark: bool):
    # Nobody else sees all the rooms that there are.
    page = enter((site.admin_email, "The first administrator"), width=width, dark=dark)
    page.goto("/admin/petitions/petition/")
    assert_accessible(page, only=WCAG)
    page.goto("/admin/")
    assert_accessible(page, only=WCAG)
    page.get_by_role("link", name=re.compile("City official in Denver")).click()
    assert_accessible(page, only=WCAG)


def check_all(page: Page, check: Callable[[Page], None], addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        check(page)
