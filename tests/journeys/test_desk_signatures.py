"""Journeys of the moderation desk: what a moderator does to signatures, one by one."""

import csv

from playwright.sync_api import Page, expect

from tests.journeys.people import BOB

SIGNATURES = "/admin/signatures/signature/"


def release_all_of_the_list(page: Page, assert_accessible_now) -> None:
    """Choose every line of the list in sight, look at the question, and release them."""
    for box in page.locator(".action-select").all():
        box.check()
    page.get_by_role("combobox", name="Action").select_option(label="Release")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text("Release this? From then on it counts.")).to_be_visible()
    assert_accessible_now(page)
    page.get_by_role("button", name="Release").click()


def hide_the_reason(page: Page, assert_accessible_now) -> None:
    """Hide the reason of the signature in sight; without a word why nothing happens."""
    page.get_by_role("button", name="Hide the reason…").click()
    assert_accessible_now(page)
    page.get_by_role("button", name="Hide the reason").click()
    expect(page.get_by_role("alert")).to_contain_text("Please correct this first")
    assert_accessible_now(page)
    page.get_by_label("Why").fill("It names a neighbour.")
    page.get_by_role("button", name="Hide the reason").click()


def test_held_signatures_are_released_a_reason_is_hidden_and_all_are_exported(
    enter, backstage, assert_accessible_now
):
    title, alice_at = "A bench for every stop of line 7 in Ulling", "alice-stops@example.org"
    bob, reader = enter(BOB, width=360, dark=True), enter((alice_at, "Alice Miller"))
    made = backstage("petition", starter=alice_at, title=title, state="published", by=BOB)
    said = {"number": made["pk"], "name": "Hasty Hal", "reason": "Mr Miller next door is a crook."}
    assert backstage("sign", emails=["hal@example.net", "hanna@example.net"], suspicion="haste", **said) == 0
    bob.goto("/admin/")
    assert_accessible_now(bob)
    bob.get_by_role("link", name="Signatures held for review").click()
    bob.goto(f"{SIGNATURES}?state=held&petition={made['pk']}")
    assert_accessible_now(bob)
    release_all_of_the_list(bob, assert_accessible_now)
    expect(bob.get_by_text("2 signatures count now.")).to_be_visible()
    bob.goto(f"{SIGNATURES}?petition={made['pk']}")
    bob.get_by_role("link", name=title).first.click()
    assert_accessible_now(bob)
    hide_the_reason(bob, assert_accessible_now)
    expect(bob.get_by_text("1 reason is hidden now.")).to_be_visible()
    expect(bob.get_by_role("button", name="Show the reason again…")).to_be_visible()
    expect(bob.locator("[aria-labelledby=record]")).to_contain_text("It names a neighbour.")
    assert_accessible_now(bob)
    bob.get_by_role("link", name="Export").click()
    assert_accessible_now(bob)
    with bob.expect_download() as download:
        bob.get_by_role("button", name="Download").click()
    table = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert sorted(row[3] for row in table[1:]) == ["", said["reason"]]
    bob.goto("/admin/")
    bob.get_by_role("link", name="Reasons hidden lately").click()
    expect(bob.get_by_role("link", name=title)).to_be_visible()
    assert_accessible_now(bob)
    bob.goto("/admin/signatures/removal/")
    assert_accessible_now(bob)
    reader.goto(made["path"])
    expect(reader.get_by_text(said["reason"])).to_have_count(1)
