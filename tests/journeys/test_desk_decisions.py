"""Journeys of the moderation desk: two moderators read, compare, decide, and never overwrite each other."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.people import (
    BOB,
    DORA,
    decide,
    fill_decision,
    link_in,
    open_review,
    text_of,
)

QUEUE = "/admin/petitions/petition/?state=submitted"
REASON = "It does not say what should be done"


def from_the_queue(page: Page, title: str) -> None:
    """Go from the admin's first page to the queue and open a petition there."""
    page.goto("/admin/")
    page.get_by_role("link", name="Petitions to decide on").click()
    page.get_by_role("link", name=title).click()


def preview(page: Page) -> str:
    """Look at the mail before it is sent, and return its text."""
    page.get_by_role("button", name="Preview the mail").click()
    expect(page.get_by_text("Nothing is decided yet, and nothing is sent.")).to_be_visible()
    return page.get_by_label("The text of the mail").inner_text().strip()


def test_changes_are_asked_for_made_compared_and_approved(enter, backstage, mail_for, assert_accessible_now):
    title, alice_at = "Lay a tram line from Marlow to the harbour", "alice-tram@example.org"
    alice, bob, dora = enter((alice_at, "Alice Miller"), width=360), enter(BOB), enter(DORA, dark=True)
    earlier = "Lay a tram line from Marlow to the station"
    backstage("petition", starter="carl-tram@example.org", title=earlier, state="published", by=DORA)
    body = "The bus takes an hour. Call me: +44 20 7946 0958.\n\nA tram would take **twenty minutes**."
    made = backstage("petition", starter=alice_at, title=title, body=body)
    from_the_queue(bob, title)
    expect(bob.locator("[aria-labelledby=hints] mark").first).to_contain_text("7946 0958")
    expect(bob.locator("[aria-labelledby=similar]").get_by_role("link", name=earlier)).to_be_visible()
    previewed = ask_for_changes(bob, assert_accessible_now)
    expect(bob.get_by_text(f"“{title}”: changes asked for.", exact=False)).to_be_visible()
    mail = mail_for(alice_at, "petition-changes-requested")
    assert text_of(mail).split() == previewed.split()
    send_again(alice, link_in(mail, "/petitions/"), assert_accessible_now)
    open_review(dora, made["pk"])
    expect(dora.get_by_text(re.compile("^Opened by Bob Moderator .* ago.$"))).to_be_visible()
    expect(dora.get_by_text("I know the number; it is private.")).to_be_visible()
    expect(dora.locator("[aria-labelledby=difference] del").first).to_contain_text("7946")
    assert_accessible_now(dora)
    fill_decision(dora, "Approve")
    previewed = preview(dora)
    dora.get_by_role("button", name="Approve").click()
    assert text_of(mail_for(alice_at, "petition-approved")).split() == previewed.split()
    assert alice.goto(made["path"]).status == 200


def ask_for_changes(bob: Page, assert_accessible_now) -> str:
    """Leave a note for the others, ask for changes after a look at the mail, and return its text."""
    bob.get_by_label("Note for the other moderators").fill("I know the number; it is private.")
    bob.get_by_role("button", name="Keep this note").click()
    expect(bob.get_by_text("I know the number; it is private.")).to_be_visible()
    fill_decision(bob, "Ask for changes", reason=REASON, note="Leave your number out, please.")
    assert_accessible_now(bob)
    previewed = preview(bob)
    assert "Leave your number out, please." in previewed
    assert_accessible_now(bob)
    bob.get_by_role("button", name="Ask for changes").click()
    return previewed


def send_again(alice: Page, room: str, assert_accessible_now) -> None:
    """Follow the mail, change the text, look at it and send it."""
    alice.goto(room)
    expect(alice.get_by_text("Leave your number out, please.").first).to_be_visible()
    assert_accessible_now(alice)
    alice.get_by_role("link", name="Change and send again").click()
    alice.get_by_label("Why should it happen?").fill(
        "The bus takes an hour.\n\nA tram would take **twenty minutes**."
    )
    alice.get_by_role("button", name="Save and preview").click()
    alice.get_by_role("button", name="Send to the moderators").click()
    expect(alice.get_by_role("heading", name="With the moderators")).to_be_visible()


def test_two_at_once_do_not_overwrite_each_other(enter, backstage, assert_accessible_now):
    title, alice_at = "Give every pupil in Wexcombe a violin", "alice-violin@example.org"
    bob, dora = enter(BOB, width=360), enter(DORA)
    made = backstage("petition", starter=alice_at, title=title)
    open_review(bob, made["pk"])
    open_review(dora, made["pk"])
    decide(dora, "Reject", reason=REASON, internal="Asked her twice.")
    expect(dora.get_by_text(f"“{title}”: rejected.", exact=False)).to_be_visible()
    decide(bob, "Approve", internal="Fine with me.")
    expect(bob.get_by_role("heading", name="Nothing was decided")).to_be_visible()
    expect(bob.get_by_text(re.compile("by Dora Second")).first).to_be_visible()
    expect(bob.get_by_text("Fine with me.")).to_be_visible()
    assert_accessible_now(bob)
    bob.get_by_role("link", name="Read it as it is now").click()
    expect(bob.locator("[aria-labelledby=facts] .state").first).to_have_text(
        re.compile("rejected", re.IGNORECASE)
    )
    expect(bob.locator("[aria-labelledby=record] .state-published")).to_have_count(0)


def test_the_back_button_after_a_decision_decides_nothing_twice(enter, backstage):
    title, alice_at = "Open the ferry of Thornbay at night", "alice-ferry@example.org"
    bob = enter(BOB)
    made = backstage("petition", starter=alice_at, title=title)
    open_review(bob, made["pk"])
    decide(bob, "Approve")
    expect(bob.get_by_text(f"“{title}”: published.", exact=False)).to_be_visible()
    bob.go_back()
    expect(bob.get_by_role("heading", name=title).first).to_be_visible()
    button = bob.locator("[aria-labelledby=decide] input[type=submit]")
    expect(button).to_have_value("Take down")
    expect(bob.locator("[aria-labelledby=record] .state-published")).to_have_count(1)
    assert bob.goto(made["path"]).status == 200
