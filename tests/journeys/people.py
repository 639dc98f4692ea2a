"""What people do on many journeys: join, sign in, read a code."""

import re
from collections.abc import Callable
from email.message import EmailMessage

from playwright.sync_api import Locator, Page, expect

from tests.journeys.site import Site

EMAIL = re.compile("^E-?mail")
MailFor = Callable[..., EmailMessage]


def text_of(mail: EmailMessage) -> str:
    """Return the plain part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def code_in(mail: EmailMessage) -> str:
    """Return the one-time code: a line of its own, of letters or figures in one or two groups."""
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:[ -][A-Z0-9]{3,})?)\s*$", text_of(mail), re.MULTILINE)
    assert found, text_of(mail)
    return found.group(1)


def link_in(mail: EmailMessage, path: str) -> str:
    """Return the address in the mail that leads below this path."""
    found = re.search(rf"http://localhost:\d+{re.escape(path)}\S+", text_of(mail))
    assert found, text_of(mail)
    return found.group()


def join(page: Page, mail_for: MailFor, email: str, name: str = "") -> None:
    """Create an account by e-mailed code; the page may already show the form."""
    if "/signup" not in page.url:
        page.goto("/accounts/signup/")
    page.get_by_label(EMAIL).fill(email)
    if name:
        page.get_by_label(re.compile("name", re.IGNORECASE)).fill(name)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(
        code_in(mail_for(email, "account-welcome-code"))
    )
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def sign_in_as_administrator(page: Page, site: Site) -> None:
    """Sign in with the password that `make run` has written down."""
    page.goto("/admin/")
    page.get_by_label(EMAIL).fill(site.admin_email)
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(site.admin_password)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your desk")).to_be_attached()


def write_petition(page: Page, title: str) -> None:
    """Fill the start form with all that the moderators need."""
    page.get_by_label("What should happen?").fill(title)
    page.get_by_label("Who can make it happen?").fill("Parks Department of Larkfield")
    page.get_by_label("Why should it happen?").fill(
        "The lamps go off at ten.\n\n**Night-shift workers** walk in the dark."
    )
    page.get_by_label("Topic").select_option(label="Parks and places")


# The desk's cast; each test has starters of its own, because nobody may send in many at once.
BOB = ("bob@example.org", "Bob Moderator", "Moderators")
DORA = ("dora.second@example.org", "Dora Second", "Moderators")
SUE = ("sue@example.org", "Sue Senior", "Senior moderators")
RUTH = ("ruth@example.org", "Ruth Admin", "Administrators")


def open_review(page: Page, number: int) -> None:
    """Open a petition at the desk."""
    page.goto(f"/admin/petitions/petition/{number}/review/")
    expect(page.get_by_role("heading", name="About it")).to_be_visible()


def fill_decision(
    page: Page, decision: str, *, reason: str = "", note: str = "", internal: str = ""
) -> Locator:
    """Choose a decision and a reason and write notes in the form, and return the form."""
    form = page.locator("[aria-labelledby=decide]")
    if form.get_by_role("radio", name=decision).count():
        form.get_by_role("radio", name=decision).check()
    if reason:
        form.get_by_role("checkbox", name=reason).check()
    for label, text in {"Note to the starter": note, "Internal note": internal}.items():
        if text:
            form.get_by_label(label).fill(text)
    return form


def decide(page: Page, decision: str, **said: str) -> None:
    """Fill the form of a decision in and send it."""
    fill_decision(page, decision, **said).locator("input[type=submit]").click()
