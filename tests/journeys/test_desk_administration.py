"""Journeys of the moderation desk: what administrators alone do."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.people import BOB, RUTH

# From the seeds; no other journey reads it.
TREES = "Twelve trees and a fountain for Linden Square in Harrow Vale"


def hand_over(page: Page, address: str, assert_accessible_now) -> None:
    """Give the petition in sight to a member; the last button may be on a page that shows first what will happen."""
    page.get_by_label("E-mail address of the member").fill(address)
    said = page.get_by_text(re.compile("is the starter of"))
    for _step in range(2):
        page.get_by_role("button", name=re.compile("hand.* over|preview", re.IGNORECASE)).last.click()
        page.wait_for_load_state()
        assert_accessible_now(page)
        if said.is_visible():
            return
    expect(said).to_be_visible()


def test_an_imported_petition_is_handed_over_and_corrected(enter, backstage, assert_accessible_now):
    member = ("martha-trees@example.org", "Martha Member")
    ruth, martha = enter(RUTH), enter(member, width=360)
    ruth.goto("/admin/petitions/petition/?q=Linden+Square")
    ruth.get_by_role("link", name=TREES).click()
    assert_accessible_now(ruth)
    ruth.get_by_role("link", name="As the public sees it").click()
    expect(ruth.get_by_role("heading", name=TREES).first).to_be_visible()
    assert_accessible_now(ruth)
    ruth.go_back()
    hand_over(ruth, member[0], assert_accessible_now)
    martha.goto("/petitions/mine/")
    expect(martha.get_by_role("link", name=TREES, exact=True)).to_be_visible()
    ruth.get_by_role("link", name="Correct").click()
    assert_accessible_now(ruth)
    ruth.get_by_label("Topic").select_option(label="Streets and transport")
    ruth.get_by_role("button", name="Save", exact=True).click()
    ruth.goto("/petitions/?q=Linden+Square")
    ruth.get_by_role("link", name=TREES).click()
    expect(ruth.locator("main")).to_contain_text("Streets and transport")


def test_a_reason_is_added_and_one_that_was_given_stays(enter, backstage, assert_accessible_now):
    ruth, starter = enter(RUTH, width=360), "alice-reasons@example.org"
    title = "Something should be done in Grebe"
    backstage("petition", starter=starter, title=title, state="rejected", by=BOB, reason="no-clear-ask")
    ruth.goto("/admin/petitions/reason/")
    assert_accessible_now(ruth)
    ruth.get_by_role("link", name="It does not say what should be done").click()
    assert_accessible_now(ruth)
    ruth.get_by_role("link", name="Delete").click()
    expect(ruth.get_by_text("has been given in a decision, so it stays in the record.")).to_be_visible()
    assert_accessible_now(ruth)
    ruth.goto("/admin/petitions/reason/add/")
    assert_accessible_now(ruth)
    ruth.get_by_label("Code").fill("only-rhymes")
    ruth.get_by_label("Title").fill("It only rhymes")
    ruth.get_by_label(re.compile("public", re.IGNORECASE)).first.fill("Say it in prose.")
    ruth.get_by_role("button", name="Save", exact=True).click()
    ruth.goto("/rules/")
    expect(ruth.get_by_text("Say it in prose.")).to_be_visible()
