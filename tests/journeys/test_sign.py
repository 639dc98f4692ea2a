"""Journey: sign, confirm by the real mail, change one's mind, and see a goal being reached."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.embedded.launching import until
from tests.journeys.people import BOB, text_of

# Nobody fills in the form faster; a signature that comes sooner is held for review.
A_MOMENT = 2_100
# A busy machine takes its time over a first request.
LATEST = 15_000
LINKS = {
    "confirm": r"http://localhost:\d+(/signatures/confirm/\S+)",
    "withdraw": r"http://localhost:\d+(/signatures/withdraw/\S+)",
}
COUNCIL = "Broadcast Ellerby’s council meetings, with captions"
CROSSING = "A zebra crossing in front of Mill Lane School in Tessel"
HOUSING = "Show everybody in Quillon where they stand on the housing list"
LAMPS = "Keep the river path in Osterfell lit until midnight"
CAFE = "Lend the empty tram depot in Pellworth to a repair café"
MEALS = "Hot meals at home on weekends too, in Varnholt"
UNSUBSCRIBE = r"http://localhost:\d+(/unsubscribe/\S+)"


def link_in(mail, pattern: str) -> str:
    found = re.search(pattern, text_of(mail))
    assert found, text_of(mail)
    return found.group(1)


def fill_in(page: Page, email: str, *, name: str = "Dora Maar", reason: str = "") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("I’m signing because").fill(reason)
    page.get_by_label("Show my name").check()
    page.get_by_label("Tell me by e-mail").check()
    page.get_by_label("I sign this petition, and I agree").check()
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Sign this petition").click()
    expect(page.get_by_role("heading", name="One step left: look in your mail")).to_be_visible(timeout=LATEST)


def confirm(page: Page, mail_for: Callable, email: str) -> str:
    """Open the link in the mail, press the button, and return the link."""
    link = link_in(mail_for(email, "confirm-signature"), LINKS["confirm"])
    page.goto(link)
    page.get_by_role("button", name="Confirm my signature").click()
    expect(page.get_by_role("heading", name=re.compile("^Thank you"))).to_be_visible(timeout=LATEST)
    return link


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_visitor_signs_by_mail_withdraws_and_signs_again(
    open_page, seed, mail_for, assert_accessible, javascript
):
    page, email = open_page(javascript=javascript), f"dora-{javascript}@example.org".lower()
    path = seed(COUNCIL if javascript else CROSSING)
    page.goto(f"{path}sign/")
    assert_accessible(page)
    fill_in(page, email, reason="I walk there.")
    assert_accessible(page)
    link = link_in(mail_for(email, "confirm-signature"), LINKS["confirm"])
    page.goto(link)
    assert_accessible(page)
    confirm(page, mail_for, email)
    assert_accessible(page)
    expect(page.locator(".sentence")).to_have_text(re.compile("^1 ?has signed. Let’s get to"))
    page.goto(path)
    expect(page.get_by_text("I walk there.")).to_be_visible()
    expect(page.locator(".sentence").first).to_have_text(re.compile("^1 ?has signed"))
    page.goto(link)
    page.get_by_role("link", name="Withdraw it").click()
    assert_accessible(page)
    page.get_by_role("button", name="Withdraw my signature").click()
    expect(page.get_by_role("heading", name="Your signature is withdrawn.")).to_be_visible()
    page.goto(path)
    expect(page.locator(".sentence").first).to_have_text(re.compile("^0 ?have signed"))
    page.goto(link)
    page.get_by_role("button", name="Sign again").click()
    expect(page.get_by_role("heading", name=re.compile("^Thank you"))).to_be_visible()


def test_this_was_not_me(open_page, seed, mail_for):
    page, email = open_page(), "victim@example.org"
    page.goto(f"{seed(HOUSING)}sign/")
    fill_in(page, email)
    page.goto(link_in(mail_for(email, "confirm-signature"), LINKS["confirm"]))
    page.get_by_role("button", name="This wasn’t me").click()
    expect(page.get_by_role("heading", name="The request is deleted.")).to_be_visible()


def test_a_phone_signs_in_the_sheet(open_page, seed, mail_for):
    page, email = open_page(width=360, height=740), "phone@example.org"
    path = seed(LAMPS)
    page.goto(path)
    button = page.locator(".sign-bar [data-bs-toggle]")
    expect(button).to_be_visible()
    expect(page.locator("#sign")).not_to_be_in_viewport()
    button.click()
    expect(page.locator("#sign.show")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sign.show")).to_have_count(0)
    button.click()
    expect(page.locator("#sign.show")).to_be_visible()
    fill_in(page, email)
    confirm(page, mail_for, email)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(path)
    expect(page.locator(".sign-bar strong")).to_have_text("1")


def test_a_phone_without_scripts_signs_on_a_page(open_page, seed):
    page = open_page(width=360, javascript=False)
    page.goto(seed(LAMPS))
    page.locator(".sign-bar").get_by_role("link", name="Sign").click()
    expect(page.get_by_role("heading", name="Sign this petition")).to_be_visible()


def test_mistakes_in_the_panel_lose_nothing(open_page, seed):
    page = open_page()
    page.goto(seed(LAMPS))
    page.get_by_label("Your name").fill("Dora Maar")
    page.get_by_label("E-mail address").fill("dora@example")
    page.get_by_label("I’m signing because").fill("Because.")
    page.get_by_label("I sign this petition, and I agree").check()
    page.get_by_role("button", name="Sign this petition").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Dora Maar")
    expect(page.get_by_label("I’m signing because")).to_have_value("Because.")
    expect(page.get_by_label("I sign this petition, and I agree")).to_be_checked()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_member_signs_with_one_click_and_undoes_it(enter, seed, assert_accessible, width):
    page = enter((f"carol-{width}@example.org", "Carol Singer"), width=width)
    path = seed(CAFE)
    page.goto(path)
    if width == 360:
        page.locator(".sign-bar [data-bs-toggle]").click()
        expect(page.locator("#sign.show")).to_be_visible()
    page.get_by_role("button", name="Sign as Carol Singer").click()
    expect(page.get_by_role("heading", name="Thank you, Carol Singer.")).to_be_visible()
    page.goto(path)
    expect(page.get_by_role("heading", name=re.compile("You signed on"))).to_be_visible()
    assert_accessible(page)
    page.goto("/signatures/mine/")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("^Change")).click()
    assert_accessible(page)
    page.get_by_label("I’m signing because").fill("I was asked at the market.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choices are kept.")).to_be_visible()
    page.goto(path)
    expect(page.get_by_text("I was asked at the market.")).to_be_visible()
    page.get_by_role("button", name="Undo my signature").click()
    expect(page.get_by_role("heading", name=re.compile("You withdrew your signature"))).to_be_visible()
    # The page itself may be a moment old.
    until(
        lambda: page.reload() and not page.locator("p", has_text="I was asked at the market.").count(),
        "it is gone",
        10,
    )


def reach_a_hundred(page: Page, site, path: str) -> None:
    """Let simulated people join until a hundred have signed, and see the open page follow."""
    number = path.rstrip("/").rpartition("-")[2]
    have = int(page.locator(".sentence strong").first.inner_text())
    site.manage("simulate_signers", number, str(100 - have), "--seconds", "1")
    expect(page.locator(".sentence").first).to_have_text(
        re.compile("^100 ?have signed. Let’s get to 200!$"), timeout=40_000
    )
    expect(page.locator("[data-live-said]")).to_have_text("100 have signed. Let’s get to 200!")
    page.reload()
    expect(page.get_by_text(re.compile("^100 signatures reached on"))).to_be_visible()


def test_a_seeds_petition_reaches_its_goal(open_page, seed, site, mail_for):
    page, email = open_page(), "friend-of-a-seed@example.org"
    path = seed(MEALS)
    page.goto(f"{path}sign/")
    fill_in(page, email)
    confirm(page, mail_for, email)
    page.goto(path)
    reach_a_hundred(page, site, path)
    mail = mail_for(email, "milestone-supporter")
    assert "100 people have signed: " in mail["Subject"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page.goto(link_in(mail, UNSUBSCRIBE))
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("heading", name="You get no more mails about this petition.")).to_be_visible()


def test_a_members_petition_reaches_its_goal(open_page, backstage, site, mail_for):
    title, starter = "A ramp for the post office in Larkfield", "ramp-starter@example.org"
    backstage("petition", starter=starter, title=title, state="published", by=BOB)
    path = link_in(mail_for(starter, "petition-approved"), r"http://localhost:\d+(/petitions/\S+)")
    visitor, email = open_page(), "ramp-supporter@example.org"
    visitor.goto(f"{path}sign/")
    fill_in(visitor, email)
    confirm(visitor, mail_for, email)
    expect(visitor.get_by_label("Words you can use")).to_have_value(
        re.compile(f"^Alice needs your help with “{title}”. Join Alice and 1 supporter today. http")
    )
    visitor.goto(path)
    reach_a_hundred(visitor, site, path)
    assert (
        mail_for(starter, "milestone-starter")["Subject"].strip()
        == f"100 people have signed your petition: {title}"
    )
    assert mail_for(email, "milestone-supporter")["Subject"].strip() == f"100 people have signed: {title}"
