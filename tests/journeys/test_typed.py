"""Journey: writing on a bad connection; nothing that was typed is lost, and a look at the text costs nothing."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_sign import LAMPS
from tests.journeys.test_sign import fill_in as sign_as

START = "/petitions/start/"
TYPED = {
    "Your name": "Dora Maar",
    "E-mail address": "dora-lost@example.org",
    "I’m signing because": "I walk.",
}
TICKS = ("Show my name", "Tell me by e-mail", "I sign this petition, and I agree")
BACK = "What you typed here before is back"


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


def type_to_sign(page, **typed):
    for label, words in typed.items():
        page.get_by_label(label).fill(words)
    for label in TICKS:
        page.get_by_label(label).check()


def kept_in(page):
    """Return what the tab keeps of forms."""
    kept = page.evaluate("Object.entries(sessionStorage).filter(([key]) => key.startsWith('typed:'))")
    return [json.loads(value)["values"] for _key, value in kept]


@pytest.mark.parametrize("where", ["", "sign/"], ids=["in the panel", "on the page"])
def test_what_a_visitor_typed_to_sign_is_there_again_but_for_what_they_agree_to(open_page, seed, where):
    page, path = open_page(), seed(LAMPS)
    page.goto(path + where)
    expect(page.get_by_label("E-mail address")).to_have_value("")
    key = page.locator("[name=request_key]").input_value()
    type_to_sign(page, **TYPED)
    page.route("**/sign/", lambda route: route.abort())
    page.get_by_role("button", name="Sign this petition").click(no_wait_after=True)
    expect(page.get_by_label("E-mail address")).to_have_count(0)
    page.unroute("**/sign/")
    page.goto(path + where)
    expect(page.get_by_text(BACK)).to_be_visible()
    for label, words in TYPED.items():
        expect(page.get_by_label(label)).to_have_value(words)
    for label in TICKS:
        expect(page.get_by_label(label)).not_to_be_checked()
    assert page.locator("[name=request_key]").input_value() != key
    assert [set(values) for values in kept_in(page)] == [{"name", "email", "reason"}]
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("E-mail address")).to_have_value("")
    expect(page.get_by_text(BACK)).to_be_hidden()


def test_nothing_of_it_stays_once_it_arrived(open_page, seed):
    page, path = open_page(), seed(LAMPS)
    page.goto(f"{path}sign/")
    sign_as(page, "dora-arrived@example.org")
    assert kept_in(page) == []
    page.goto(f"{path}sign/")
    expect(page.get_by_label("E-mail address")).to_have_value("")


def test_whoever_signs_in_next_in_the_tab_sees_nothing_of_it(open_page, seed, backstage):
    page, path = open_page(), seed(LAMPS)
    page.goto(f"{path}sign/")
    type_to_sign(page, **TYPED)
    key = backstage("member", email="next@example.org", name="Nora Next", group="")
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": page.url}])
    page.goto(f"{path}sign/")
    expect(page.get_by_label("Your name")).to_have_value("Nora Next")
    expect(page.get_by_text(BACK)).to_be_hidden()
