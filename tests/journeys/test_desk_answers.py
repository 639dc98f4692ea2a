"""Journeys of the moderation desk: starters answer decisions, and other people than the first decide on that."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.people import BOB, DORA, SUE, decide, link_in, open_review, text_of

WHY = "The other petition is about the southern bridge; mine is about the northern one, as the map shows."
OBJECTIONS = "/admin/petitions/objection/?waits=yes"


def test_an_objection_is_upheld_and_another_moderator_decides(
    enter, backstage, mail_for, assert_accessible_now
):
    title, alice_at = "Reopen the northern footbridge of Gallow", "alice-bridge@example.org"
    alice, bob, dora = enter((alice_at, "Alice Miller"), width=360), enter(BOB), enter(DORA)
    sue, reader = enter(SUE, dark=True), enter(("reader-bridge@example.org", "Rita"))
    made = backstage(
        "petition", starter=alice_at, title=title, state="rejected", by=BOB, reason="no-clear-ask"
    )
    assert reader.goto(made["path"]).status == 200
    expect(reader.get_by_role("heading", name="Rejected; it can’t be signed")).to_be_visible()
    assert_accessible_now(reader)
    object_to(alice, link_in(mail_for(alice_at, "petition-rejected"), "/petitions/"), assert_accessible_now)
    sue.goto("/admin/")
    assert_accessible_now(sue)
    sue.get_by_role("region", name="Objections").get_by_role("link", name=title).click()
    expect(sue.get_by_text(WHY)).to_be_visible()
    assert_accessible_now(sue)
    decide(sue, "Uphold the objection", note="You are right: it is another bridge.")
    expect(sue.get_by_text("upheld, by Sue Senior")).to_be_visible()
    assert_accessible_now(sue)
    assert "another bridge" in text_of(mail_for(alice_at, "petition-objection-upheld"))
    bob.goto("/admin/petitions/petition/?state=submitted")
    expect(bob.locator("tr", has_text=title)).to_contain_text("reopened")
    open_review(bob, made["pk"])
    expect(bob.locator("[aria-labelledby=decide] .why")).to_be_visible()
    expect(bob.locator("[aria-labelledby=decide] form")).to_have_count(0)
    open_review(dora, made["pk"])
    decide(dora, "Approve")
    mail_for(alice_at, "petition-approved")
    assert reader.goto(made["path"]).status == 200
    expect(reader.locator("[aria-labelledby=record]")).to_contain_text("Rejected by a moderator on")
    expect(reader.locator("[aria-labelledby=record]")).to_contain_text("Approved by a moderator on")


def object_to(alice: Page, room: str, assert_accessible_now) -> None:
    """Go from the mail to the room and object there, once."""
    alice.goto(room)
    alice.get_by_role("link", name="Object to this decision").click()
    assert_accessible_now(alice)
    alice.get_by_label("Why is the decision wrong?").fill(WHY)
    alice.get_by_role("button", name="Send the objection").click()
    expect(alice.get_by_text("Your objection is with the senior moderators.")).to_be_visible()
    assert_accessible_now(alice)
    alice.goto(f"{room}object/")
    expect(alice.get_by_text("You have objected to this decision already.")).to_be_visible()


def test_an_objection_is_dismissed_with_a_mail_that_says_why(
    enter, backstage, mail_for, assert_accessible_now
):
    title, alice_at = "Rename Gallow to Hallow", "alice-hallow@example.org"
    alice, sue = enter((alice_at, "Alice Miller")), enter(SUE, width=360)
    made = backstage(
        "petition", starter=alice_at, title=title, state="rejected", by=BOB, reason="no-clear-ask"
    )
    alice.goto(f"{made['room']}object/")
    alice.get_by_label("Why is the decision wrong?").fill("No.")
    alice.get_by_role("button", name="Send the objection").click()
    expect(alice.get_by_text("Say in a sentence or two why the decision is wrong.").first).to_be_visible()
    assert_accessible_now(alice)
    alice.get_by_label("Why is the decision wrong?").fill(
        "It is perfectly clear who should rename what, and when."
    )
    alice.get_by_role("button", name="Send the objection").click()
    sue.goto(OBJECTIONS)
    assert_accessible_now(sue)
    sue.get_by_role("link", name=title).click()
    decide(sue, "Dismiss the objection")
    expect(sue.get_by_role("alert")).to_contain_text("Tell the starter why.")
    assert_accessible_now(sue)
    sue.get_by_label("Note to the starter").fill("Nobody in Gallow can do that.")
    sue.get_by_role("button", name="Preview the mail").click()
    previewed = sue.get_by_label("The text of the mail").inner_text().strip()
    sue.get_by_role("button", name="Dismiss the objection").click()
    told = text_of(mail_for(alice_at, "petition-objection-dismissed"))
    assert told.split() == previewed.split()
    assert "Nobody in Gallow can do that." in told
    alice.goto(made["room"])
    expect(alice.get_by_text(re.compile("^Your objection was dismissed on"))).to_be_visible()
    expect(alice.get_by_role("link", name="Object to this decision")).to_have_count(0)


def test_a_new_wording_waits_until_a_moderator_has_compared_it(
    enter, backstage, mail_for, assert_accessible_now
):
    title, better = "More benches in Alder Park", "Twenty more benches in Alder Park"
    alice_at = "alice-benches@example.org"
    alice, bob = enter((alice_at, "Alice Miller"), width=360), enter(BOB)
    made = backstage("petition", starter=alice_at, title=title, state="published", by=BOB)
    reader = enter(("reader-benches@example.org", "Rita"), dark=True)
    alice.goto(made["room"])
    alice.get_by_role("link", name="Propose a new wording").click()
    assert_accessible_now(alice)
    alice.get_by_label("What should happen?").fill(better)
    alice.locator("main form").get_by_role("button", name="Send to the moderators").last.click()
    expect(alice.get_by_text("It is with the moderators.")).to_be_visible()
    alice.goto(f"{made['room']}propose/")
    assert_accessible_now(alice)
    reader.goto(made["path"])
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    bob.goto("/admin/")
    bob.get_by_role("region", name="Edits after publication").get_by_role("link", name=title).click()
    expect(bob.locator("[aria-labelledby=difference] ins").first).to_contain_text("Twenty more")
    assert_accessible_now(bob)
    decide(bob, "Accept the new wording")
    expect(bob.get_by_text("accepted, by Bob Moderator")).to_be_visible()
    mail_for(alice_at, "petition-edit-accepted")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text(better)
    expect(
        reader.get_by_text(re.compile("^A new wording by its starter was accepted by a moderator on"))
    ).to_be_visible()
    assert_accessible_now(reader)


def test_what_was_taken_down_comes_back_with_its_count(enter, backstage, mail_for, assert_accessible_now):
    title, alice_at = "Free swimming lessons in Ostley", "alice-swim@example.org"
    alice, bob = enter((alice_at, "Alice Miller")), enter(BOB)
    reader = enter(("reader-swim@example.org", "Rita"), width=360)
    made = backstage("petition", starter=alice_at, title=title, state="published", by=BOB)
    signers = [f"swimmer-{number}@example.net" for number in range(3)]
    assert backstage("sign", number=made["pk"], emails=signers, name="A Swimmer") == 3
    reader.goto(made["path"])
    expect(reader.locator(".sentence").first).to_contain_text("3 have signed")
    open_review(bob, made["pk"])
    decide(bob, "Take down", reason="It advertises", note="It sells lessons.")
    assert "It sells lessons." in text_of(mail_for(alice_at, "petition-removed"))
    gone = reader.goto(made["path"])
    assert gone.status == 410
    assert "night-shift" not in gone.text().lower()
    assert title not in gone.text()
    expect(
        reader.get_by_text("Its 3 signatures are kept and would count again if it returned.")
    ).to_be_visible()
    assert_accessible_now(reader)
    alice.goto(made["room"])
    assert_accessible_now(alice)
    open_review(bob, made["pk"])
    decide(bob, "Restore")
    mail_for(alice_at, "petition-restored")
    assert reader.goto(made["path"]).status == 200
    expect(reader.locator(".sentence").first).to_contain_text("3 have signed")
    expect(reader.get_by_text(re.compile("^Put back by a moderator on"))).to_be_visible()
