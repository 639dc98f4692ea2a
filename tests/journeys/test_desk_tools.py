"""Journeys of the moderation desk: many at once, files, the keyboard, and a browser without scripts."""

import csv
import re

from playwright.sync_api import Page, expect

from tests.embedded.launching import until
from tests.journeys.people import BOB, DORA, SUE, open_review, text_of


def wait_for_count(page: Page, path: str, figure: int) -> None:
    """Look at the public page until it shows this count."""

    def is_there() -> bool:
        page.goto(path)
        words = page.locator(".sentence").first.inner_text().split()
        return words[:3] == [str(figure), "have", "signed."]

    until(is_there, f"{figure} signatures on {path}", 20)


def test_a_wave_of_signatures_is_removed_and_put_back(enter, backstage, assert_accessible_now):
    title, alice_at = "A night bus for the hills of Corrin", "alice-hills@example.org"
    sue, reader = enter(SUE), enter((alice_at, "Alice Miller"), width=360)
    made = backstage("petition", starter=alice_at, title=title, state="published", by=BOB)
    wave = [f"wave-{number}@wave.example" for number in range(6)]
    people = [f"hill-{number}@example.net" for number in range(4)]
    backstage("sign", number=made["pk"], emails=wave, name="Made Up")
    assert backstage("sign", number=made["pk"], emails=people, name="Hilda Hill") == 10
    wait_for_count(reader, made["path"], 10)
    sue.goto(f"/admin/signatures/removal/add/?petition={made['pk']}")
    assert_accessible_now(sue)
    sue.get_by_role("link", name="wave.example").click()
    sue.get_by_label("Why, for the public").select_option(index=1)
    sue.get_by_label("Note for moderators").fill("One machine, one minute.")
    sue.get_by_role("button", name="Count them").click()
    expect(sue.get_by_role("heading", name="6 signatures fit")).to_be_visible()
    assert_accessible_now(sue)
    wait_for_count(reader, made["path"], 10)
    sue.get_by_role("button", name="Remove 6 signatures").click()
    expect(sue.get_by_role("button", name="Put 6 signatures back")).to_be_visible(timeout=20_000)
    assert_accessible_now(sue)
    wait_for_count(reader, made["path"], 4)
    expect(reader.locator("[aria-labelledby=record]")).to_contain_text("6 signatures were removed")
    assert_accessible_now(reader)
    sue.get_by_role("button", name="Put 6 signatures back").click()
    expect(sue.locator("[aria-labelledby=facts] .state")).to_have_text(
        re.compile("undone", re.IGNORECASE), timeout=20_000
    )
    wait_for_count(reader, made["path"], 10)
    expect(reader.locator("[aria-labelledby=record]")).not_to_contain_text("were removed")


def test_many_are_rejected_after_one_question(enter, backstage, mail_for, assert_accessible_now):
    starters = ["alice-formula@example.org", "alma-formula@example.org"]
    titles = ["=SUM(1+1) petition of Nether Wallop", "Another petition of Nether Wallop"]
    bob = enter(BOB, width=360)
    for starter, title in zip(starters, titles, strict=True):
        backstage("petition", starter=starter, title=title)
    bob.goto("/admin/petitions/petition/?state=submitted&q=Nether+Wallop")
    assert_accessible_now(bob)
    for title in titles:
        bob.locator("tr", has_text=title).locator(".action-select").check()
    bob.get_by_role("combobox", name="Action").select_option(label="Reject the chosen ones …")
    bob.get_by_role("button", name="Go", exact=True).click()
    expect(bob.locator("[aria-labelledby=possible] li")).to_have_count(2)
    assert_accessible_now(bob)
    bob.get_by_role("button", name="Reject 2 petitions").click()
    expect(bob.get_by_role("alert")).to_contain_text("Choose at least one reason.")
    bob.get_by_role("checkbox", name="It does not say what should be done").check()
    bob.get_by_label("Note to the starters").fill("Wallop is no place.")
    bob.get_by_role("button", name="Reject 2 petitions").click()
    expect(bob.get_by_text("2 petitions were decided.")).to_be_visible()
    assert_accessible_now(bob)
    for starter in starters:
        assert "Wallop is no place." in text_of(mail_for(starter, "petition-rejected"))


def test_a_list_is_saved_as_a_view_and_exported_as_harmless_text(enter, backstage, assert_accessible_now):
    title, alice_at = '=HYPERLINK("http://evil.example";"Click")', "alice-sheet@example.org"
    bob, dora = enter(BOB), enter(DORA)
    backstage("petition", starter=alice_at, title=title, state="rejected", by=DORA, reason="no-clear-ask")
    bob.goto("/admin/petitions/petition/?state=rejected&q=HYPERLINK")
    bob.get_by_text("Save this view").click()
    bob.get_by_label("Name of the view").fill("Odd titles")
    bob.get_by_role("button", name="Save", exact=True).click()
    saved = bob.get_by_role("navigation", name="Views").get_by_role("link", name="Odd titles")
    expect(saved).to_have_attribute("aria-current", "page")
    assert_accessible_now(bob)
    dora.goto(bob.url)
    expect(dora.get_by_role("link", name=title)).to_be_visible()
    bob.get_by_role("link", name="Export …").click()
    assert_accessible_now(bob)
    with bob.expect_download() as download:
        bob.get_by_role("button", name="Download the petitions").click()
    table = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert [row[1] for row in table[1:]] == [f"'{title}"]


def test_a_petition_is_read_and_decided_without_scripts(enter, backstage, assert_accessible_now):
    title, alice_at = "Shade for the playground of Fenn", "alice-shade@example.org"
    bob = enter(BOB, width=360, javascript=False)
    made = backstage("petition", starter=alice_at, title=title)
    bob.goto("/admin/petitions/petition/?state=submitted")
    bob.get_by_role("link", name=title).click()
    assert_accessible_now(bob)
    bob.get_by_role("radio", name="Approve").check()
    bob.get_by_role("button", name="Preview the mail").click()
    bob.get_by_role("button", name="Go back and change it").click()
    expect(bob.get_by_role("radio", name="Approve")).to_be_checked()
    bob.get_by_role("button", name="Decide").click()
    expect(bob.get_by_text(f"“{title}”: published.", exact=False)).to_be_visible()
    assert bob.goto(made["path"]).status == 200


def test_a_petition_is_decided_by_keyboard_alone(enter, backstage):
    title, alice_at = "A swing for Moor Lane", "alice-swing@example.org"
    bob = enter(BOB)
    made = backstage("petition", starter=alice_at, title=title)
    open_review(bob, made["pk"])
    tab_to(bob, "input[name=decision]")
    bob.keyboard.press("Space")
    expect(bob.get_by_role("radio", name="Approve")).to_be_checked()
    tab_to(bob, "[aria-labelledby=decide] input[type=submit]")
    bob.keyboard.press("Enter")
    expect(bob.get_by_text(f"“{title}”: published.", exact=False)).to_be_visible()


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until an element of this kind has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} by Tab")
