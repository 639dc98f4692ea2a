"""Journey: write a petition, send it, be moderated; Alice writes, the administrator decides, both get their mails."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import (
    BOB,
    RUTH,
    decide,
    join,
    open_review,
    sign_in_as_administrator,
    text_of,
    write_petition,
)


def send_in(page: Page, mail_for, email: str, title: str) -> None:
    """Write as a visitor, join on the way, and send what was typed."""
    page.goto("/petitions/start/")
    write_petition(page, title)
    page.get_by_role("button", name="Sign in and save").click()
    page.get_by_role("link", name="Create an account").click()
    join(page, mail_for, email, "Alice Miller")
    expect(page.get_by_label("What should happen?")).to_have_value(title)
    page.get_by_label("Your name, as people will see it").fill("Alice Miller")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name="Send to the moderators").click()
    expect(page.get_by_text(re.compile("moderator")).first).to_be_visible()


def review(page: Page, site, title: str) -> None:
    sign_in_as_administrator(page, site)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_petition_is_written_approved_and_read(open_page, site, mail_for, javascript: bool):
    title = f"Keep the river path lit until midnight, {'with' if javascript else 'without'} scripts"
    email = f"alice-{javascript}@example.org".lower()
    alice, bob = open_page(width=360, javascript=javascript), open_page(javascript=javascript)
    send_in(alice, mail_for, email, title)
    assert title in text_of(mail_for(email, "petition-submitted"))
    mail_for(site.admin_email, "moderation-waiting")
    review(bob, site, title)
    decide(bob, "Approve")
    approved = text_of(mail_for(email, "petition-approved"))
    address = re.search(r"http://localhost:\d+/petitions/\S+", approved)
    assert address, approved
    alice.goto(address.group())
    expect(alice.locator(".sentence").first).to_have_text("0 have signed. Let’s get to 100!")
    expect(alice.locator(".prose strong")).to_have_text("Night-shift workers")


def test_a_rejection_comes_with_its_reason_and_note(enter, backstage, mail_for):
    title, email, note = "Paint the town hall blue", "anna@example.org", "It is blue since 1987."
    alice, bob = enter((email, "Anna Painter")), enter(BOB)
    open_review(bob, backstage("petition", starter=email, title=title)["pk"])
    decide(bob, "Reject", reason="It asks for something that already exists", note=note)
    told = text_of(mail_for(email, "petition-rejected"))
    assert "already exists" in told
    assert note in told
    alice.goto("/petitions/mine/")
    alice.get_by_role("link", name=title).first.click()
    expect(alice.get_by_text(note).first).to_be_visible()


def test_a_published_petition_is_taken_down_and_restored(enter, open_page, seed):
    bob, reader = enter(RUTH), open_page()
    reader.goto(seed("A fenced dog run in Castle Park, Brennick"))
    number = int(reader.url.rstrip("/").rpartition("-")[2])
    open_review(bob, number)
    decide(bob, "Take down", reason="It advertises")
    assert reader.goto(reader.url).status == 410
    expect(reader.get_by_text("the dogs of Brennick")).to_have_count(0)
    open_review(bob, number)
    decide(bob, "Restore")
    assert reader.goto(reader.url).status == 200
    expect(reader.locator(".sentence").first).to_have_text("0 have signed. Let’s get to 25!")
