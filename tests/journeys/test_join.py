"""Journey: sign up by e-mailed code, sign out, sign in again, set a password, change the address."""

import re

from playwright.sync_api import expect

from tests.journeys.people import EMAIL, code_in, join, link_in


def test_it_joins_and_comes_back_by_code(open_page, mail_for):
    page = open_page()
    join(page, mail_for, "carol@example.org", "Carol Singer")
    expect(page.get_by_text("Carol Singer").first).to_be_attached()
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_label(EMAIL).fill("carol@example.org")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(
        code_in(mail_for("carol@example.org", "account-login-code"))
    )
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/petitions/mine/"))


def test_it_sets_a_password_and_signs_in_with_it(open_page, mail_for):
    page = open_page(width=360, height=740)
    join(page, mail_for, "dora@example.org", "Dora")
    page.goto("/accounts/password/set/")
    for field in page.locator("main input[type=password]").all():
        field.fill("a long walk by the river")
    page.locator("main form button[type=submit]").first.click()
    mail_for("dora@example.org", "account-password-set")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label(EMAIL).fill("dora@example.org")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill("a long walk by the river")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/petitions/mine/"))


def test_a_wrong_code_is_told_in_words(open_page, mail_for):
    page = open_page()
    page.goto("/accounts/signup/")
    page.get_by_label(EMAIL).fill("erin@example.org")
    page.get_by_role("button", name="Send me a code").click()
    mail_for("erin@example.org", "account-welcome-code")
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill("WRONG1")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("alert").first).to_be_visible()


def test_a_forgotten_password_is_set_anew(open_page, mail_for):
    page = open_page()
    join(page, mail_for, "frida@example.org", "Frida")
    page.context.clear_cookies()
    page.goto("/accounts/password/reset/")
    page.get_by_label(EMAIL).fill("frida@example.org")
    page.locator("main form button[type=submit]").first.click()
    page.goto(
        link_in(mail_for("frida@example.org", "account-password-reset-link"), "/accounts/password/reset/")
    )
    for field in page.locator("main input[type=password]").all():
        field.fill("a short walk by the sea")
    page.locator("main form button[type=submit]").first.click()
    mail_for("frida@example.org", "account-password-reset-done")


def test_an_address_is_changed(open_page, mail_for):
    page = open_page()
    join(page, mail_for, "gina@example.org", "Gina")
    page.goto("/accounts/email/")
    page.get_by_label(EMAIL).last.fill("gina@new.example.org")
    page.get_by_role("button", name=re.compile("Add")).click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(
        code_in(mail_for("gina@new.example.org", "account-address-code"))
    )
    page.locator("main form button[type=submit]").first.click()
    page.goto("/accounts/email/")
    expect(page.get_by_text("gina@new.example.org").first).to_be_visible()
