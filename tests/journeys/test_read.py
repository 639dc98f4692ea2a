"""Journey: open the site, find the seed petition, read it on a phone and on a desk, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from outbox.models import Message
from outbox.render import render

SEED = re.compile("Ask Denver’s mayor to let the police work with federal")


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_the_seed_petition(open_page, width: int):
    page = open_page(width=width)
    # The other journeys make petitions, too: without words it may stand on the second page.
    page.goto("/petitions/?q=denver")
    page.get_by_role("link", name=SEED).click()
    expect(page.locator(".sentence").first).to_have_text("0 have signed. Let’s get to 100!")
    expect(page.get_by_text("Today: Patrick is counting on you.")).to_be_visible()
    expect(page.get_by_text("Mayor of Denver (2017)").first).to_be_visible()
    expect(page.get_by_text(re.compile("figures are the source’s"))).to_be_visible()
    expect(page.get_by_text(re.compile("50 supporters"))).to_be_visible()
    assert not overflows(page)


@pytest.mark.parametrize(
    "address", ["/", "/petitions/", "/about/", "/rules/", "/privacy/", "/petitions/start/"]
)
def test_nothing_is_wider_than_the_window(open_page, address: str):
    page = open_page(width=1280)
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.goto(address).status == 200
        assert not overflows(page)


@pytest.mark.parametrize("kind", ["petition-handed-over", "petition-approved", "milestone-starter"])
def test_a_mail_is_not_wider_than_a_phone(examined, kind: str):
    title = "Light the riverpathriverpathriverpathriverpathriverpath"
    address = "https://petitions.example/petitions/light-the-river-path-1234567/manage/"
    context = {"name": "Alice", "title": title, "url": address, "manage_url": address, "is_public": True}
    figures = {"threshold": 100, "signatures": 100, "goal": 200}
    mail = render(
        Message(kind=kind, to_address="alice@example.org", language="en", context={**context, **figures})
    )
    examined.set_content(mail.alternatives[0].content)
    for width in (320, 360):
        examined.set_viewport_size({"width": width, "height": 900})
        assert title in examined.content()
        assert not overflows(examined)


def test_it_finds_by_words_without_javascript(open_page):
    page = open_page(width=360, javascript=False)
    page.goto("/petitions/")
    page.get_by_label("Words in title or text").fill("library sundays")
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"q=library\+sundays"))
    expect(page.get_by_role("link", name="Open Alderwick’s library on Sunday afternoons")).to_be_visible()
    expect(
        page.get_by_role("link", name="Keep Sundays free for the staff of Alderwick’s library")
    ).to_be_visible()


def test_a_page_that_is_not_there_says_so(open_page):
    page = open_page()
    assert page.goto("/petitions/nothing-999999/").status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_reader_can_go_by_keyboard(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
