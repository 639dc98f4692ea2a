"""Journey: writing on a bad connection; nothing that was typed is lost, and a look at the text costs nothing."""

import re

from playwright.sync_api import expect

START = "/petitions/start/"


def test_what_was_typed_survives_a_lost_connection(open_page):
    page = open_page(width=360)
    page.goto(START)
    page.get_by_label("What should happen?").fill("Typed on a train")
    page.get_by_label("Why should it happen?").fill("An hour’s work")
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign in and save").click(no_wait_after=True)
    expect(page.get_by_label("What should happen?")).to_have_count(0)
    page.context.set_offline(False)
    page.goto(START)
    expect(page.get_by_label("What should happen?")).to_have_value("Typed on a train")
    expect(page.get_by_label("Why should it happen?")).to_have_value("An hour’s work")
    page.get_by_role("status").get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("What should happen?")).to_have_value("")


def test_the_enter_key_does_what_the_large_button_does(open_page):
    page = open_page()
    page.goto(START)
    page.get_by_label("What should happen?").fill("Plant trees")
    page.get_by_label("What should happen?").press("Enter")
    page.wait_for_url(re.compile("/accounts/login/"))


def test_a_look_at_the_text_stays_on_the_page(open_page):
    page = open_page()
    page.goto(START)
    page.get_by_label("Why should it happen?").fill("It is **hot**.")
    page.get_by_role("button", name="Look at the text").click()
    expect(page.locator("#text-preview strong")).to_have_text("hot")
    assert page.url.endswith(START)


def test_a_look_at_the_text_works_without_a_script(open_page):
    page = open_page(javascript=False)
    page.goto(START)
    page.get_by_label("What should happen?").fill("Plant trees")
    page.get_by_label("Why should it happen?").fill("It is **hot**.")
    page.get_by_role("button", name="Look at the text").click()
    expect(page.locator("#text-preview strong")).to_have_text("hot")
    expect(page.get_by_label("What should happen?")).to_have_value("Plant trees")


def test_a_member_s_form_with_an_old_token_is_shown_again(enter):
    page = enter(("writer@example.org", "Wanda Writer"))
    page.goto(START)
    page.get_by_label("What should happen?").fill("Written for an hour")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("press the button once more")).to_be_visible()
    expect(page.get_by_label("What should happen?")).to_have_value("Written for an hour")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("press the button once more")).to_be_hidden()


def test_a_visitor_s_form_with_an_old_token_goes_through(open_page):
    page = open_page()
    page.goto(START)
    page.get_by_label("What should happen?").fill("Written for an hour")
    page.context.clear_cookies()
    page.get_by_role("button", name="Sign in and save").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.goto(START)
    expect(page.get_by_label("What should happen?")).to_have_value("Written for an hour")
