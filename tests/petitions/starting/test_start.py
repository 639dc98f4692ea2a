import pytest
from django.test import Client

from petitions.models import DecisionMaker, Petition, Topic
from petitions.services import drafting
from petitions.services.drafting import draft_of
from petitions.states import State
from tests.petitions.filling import START, filled, shown_in, soup_of, summary_of


@pytest.fixture
def alices(alice, client_of) -> Client:
    return client_of(alice)


def only_petition() -> Petition:
    return Petition.objects.with_text().get()


def test_a_member_keeps_a_draft(alices, alice):
    answer = alices.post(START, filled(ask="Twelve trees.", first_goal="250", language="de"))
    petition = only_petition()
    draft = draft_of(petition)
    assert (draft.title, draft.ask, draft.body) == (
        "Plant trees at the bus station",
        "Twelve trees.",
        "It is **hot** there.",
    )
    assert (draft.decision_maker, draft.topic.slug) == ("City Council", "parks")
    assert (draft.first_goal, draft.language, draft.starter_name) == (250, "de", "Alice Miller")
    assert (petition.starter, petition.state) == (alice, State.DRAFT)
    assert answer.url == petition.get_manage_url()
    assert "Your draft is kept" in alices.get(answer.url).text


def test_the_preview_button_keeps_it_and_shows_it(alices):
    answer = alices.post(START, filled(action="preview"))
    assert answer.url == f"{only_petition().get_manage_url()}preview/"


def test_a_draft_needs_its_title_alone(alices):
    alices.post(START, {"title": "Plant trees", "language": "en"})
    assert only_petition().title == "Plant trees"
    assert only_petition().first_goal == 100


def test_the_form_suggests_what_is_known(alices):
    DecisionMaker.objects.create(name="Parks Department", listed=True)
    DecisionMaker.objects.create(name="Somebody’s neighbour")
    page = alices.get(START)
    shown = shown_in(page)
    assert (shown["starter_name"], shown["first_goal"], shown["language"]) == ("Alice Miller", "100", "en")
    assert [option["value"] for option in soup_of(page).select("datalist option")] == ["Parks Department"]
    assert soup_of(page).select_one("#id_decision_maker")["list"] == soup_of(page).datalist["id"]


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", "", "Write in a few words what should happen."),
        ("title", " \u200b\t ", "Write in a few words what should happen."),
        ("title", "x" * 151, "at most 150 characters; it has 151"),
        ("ask", "x" * 301, "at most 300 characters; it has 301"),
        ("decision_maker", "x" * 121, "at most 120 characters"),
        ("body", "x" * 20_001, "at most 20000 characters"),
        ("first_goal", "0", "between 1 and 10,000,000"),
        ("first_goal", "10000001", "between 1 and 10,000,000"),
        ("first_goal", "many", "whole number"),
        ("first_goal", "9" * 5_000, "whole number"),
        ("topic", "999999", "Select a valid choice"),
        ("language", "tlh", "Select a valid choice"),
        ("starter_name", "https://shop.example", "can’t contain a web or mail address"),
        ("starter_name", "x" * 121, "at most 120 characters"),
    ],
)
def test_it_says_in_words_what_is_wrong_and_keeps_all_that_was_typed(alices, field, typed, says):
    sent = filled(**{field: typed})
    answer = alices.post(START, sent)
    assert answer.status_code == 422
    assert says in summary_of(answer)[f"#id_{field}"].replace("20,000", "20000")
    assert soup_of(answer).title.text.startswith("Error: ")
    shown = shown_in(answer)
    assert {name: shown[name] for name in sent if name not in {"action", "topic", "language"}} == {
        name: sent[name] for name in sent if name not in {"action", "topic", "language"}
    }
    assert Petition.objects.count() == 0


def test_it_reads_the_summary_first(alices):
    page = soup_of(alices.post(START, filled(title="")))
    summary, field = page.select_one("main form [data-error-summary]"), page.select_one("#id_title")
    assert summary["role"] == "alert"
    assert summary.sourceline <= field.sourceline
    assert field["aria-invalid"] == "true"
    assert page.select_one(f"#{field['aria-describedby'].split()[-1]}")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "🌳 " * 50},
        {"title": "ضعوا إشارة عند مدرسة الشارع", "body": "نص", "language": "ar"},
        {"title": "PLANT TREES NOW!!!"},
        {"title": "Rename www.example.org to something else"},
        {"title": "x" * 150},
        {"decision_maker": "Booking.com"},
        {"body": "A paragraph that says something. " * 400},
        {"body": ("x" * 9_999 + "\r\n") * 2},
        {"starter_name": "عائشة 🌷 O’Neill-Ñandú"},
        {"first_goal": "10000000"},
        {"first_goal": "1"},
    ],
)
def test_it_takes_what_people_write(alices, fields):
    answer = alices.post(START, filled(**fields))
    assert answer.status_code == 302
    assert alices.get(answer.url).status_code == 200
    assert alices.get(f"{answer.url}preview/").status_code == 200


@pytest.mark.parametrize("typed", ["1,000", "1.000", "1 000", "1\u202f000", "1’000", "1000", "١٠٠٠", ""])
def test_it_reads_a_goal_as_people_write_numbers(alices, typed):
    alices.post(START, filled(first_goal=typed))
    assert only_petition().first_goal == (1_000 if typed else 100)


@pytest.mark.parametrize("typed", ["Plant \u202etrees", "Plant\u2066 trees\u2069"])
def test_characters_that_turn_the_text_are_taken_out_once_with_a_word(alices, typed):
    answer = alices.post(START, filled(title=typed))
    assert answer.status_code == 422
    assert "invisible characters" in summary_of(answer)["#id_title"]
    assert shown_in(answer)["title"] == "Plant trees"
    assert alices.post(START, {**shown_in(answer), "action": "save"}).status_code == 302


def test_a_null_character_is_left_out(alices):
    alices.post(START, filled(title="Plant\x00 trees", body="It is\x00 hot"))
    assert only_petition().title == "Plant trees"


def test_a_double_click_makes_one_draft(alices):
    sent = filled()
    answers = [alices.post(START, sent), alices.post(START, sent)]
    assert {answer.url for answer in answers} == {only_petition().get_manage_url()}


def test_going_back_and_changing_something_asks_which_words_to_keep(alices):
    sent = filled()
    alices.post(START, sent)
    answer = alices.post(START, {**sent, "body": "It is **very** hot there."})
    page = alices.get(answer.url)
    assert answer.url == f"{only_petition().get_manage_url()}edit/"
    assert "There are two texts now" in page.text
    assert shown_in(page)["body"] == "It is **very** hot there."
    assert only_petition().version.body == "It is **hot** there."
    alices.post(answer.url, {**shown_in(page), "action": "save"})
    assert only_petition().version.body == "It is **very** hot there."
    assert "There are two texts now" not in alices.get(answer.url).text


def test_a_damaged_key_does_not_cost_a_text(alices):
    assert alices.post(START, filled(request_key="")).status_code == 302


def test_too_many_drafts_are_refused_in_words_and_nothing_is_lost(alices, make_draft, monkeypatch):
    monkeypatch.setattr(drafting, "OPEN_DRAFTS_AT_MOST", 1)
    make_draft()
    answer = alices.post(START, filled())
    assert answer.status_code == 422
    assert "1 draft already" in soup_of(answer).select_one("[data-error-summary]").text
    assert shown_in(answer)["body"] == "It is **hot** there."


def test_reading_the_form_changes_nothing(alices, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page = alices.get(START)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert Petition.objects.count() == 0


def test_a_form_of_another_time_has_another_key(alices):
    keys = {shown_in(alices.get(START))["request_key"] for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_it_knows_no_other_methods(alices, method):
    assert getattr(alices, method)(START).status_code == 405


def test_a_topic_that_is_out_of_use_is_not_offered(alices):
    sent = filled()
    Topic.objects.filter(slug="parks").update(active=False)
    assert alices.post(START, sent).status_code == 422
