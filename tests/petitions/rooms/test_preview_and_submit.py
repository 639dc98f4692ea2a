from petitions.models import Transition
from petitions.services import drafting
from petitions.states import State
from tests.petitions.filling import filled, shown_in, soup_of, summary_of
from tests.petitions.rooms.conftest import fresh, room


def test_it_looks_as_everybody_will_see_it(alices, make_draft):
    page = soup_of(alices.get(room(make_draft(body="It is **dark**.", first_goal=250), "preview")))
    assert page.h1.text == "Keep the river path lit until midnight"
    assert page.select_one(".prose strong").text == "dark"
    assert page.select_one(".sentence").text == "0 have signed. Let’s get to 250!"
    assert "Alice is counting on you" in page.text
    assert "Only you can see this" in page.text


def test_what_is_previewed_is_sent(alices, make_draft):
    petition = make_draft()
    shown = shown_in(alices.get(room(petition, "preview")))
    answer = alices.post(room(petition, "submit"), {"basis": shown["basis"]}, follow=True)
    assert fresh(petition).state == State.SUBMITTED
    assert "It is with the moderators" in answer.text


def test_what_was_changed_meanwhile_is_read_again_first(alices, make_draft):
    petition = make_draft()
    shown = shown_in(alices.get(room(petition, "preview")))
    alices.post(room(petition, "edit"), filled(title="Light the path"))
    answer = alices.post(room(petition, "submit"), {"basis": shown["basis"]}, follow=True)
    assert "This is the new one" in answer.text
    assert soup_of(answer).h1.text == "Light the path"
    assert fresh(petition).state == State.DRAFT


def test_what_is_missing_is_named_with_links_to_the_fields(alices, make_draft):
    petition = make_draft(body="", topic=None, decision_maker="", starter_name="")
    answer = alices.post(room(petition, "submit"))
    assert answer.status_code == 422
    assert list(summary_of(answer)) == ["#id_decision_maker", "#id_body", "#id_topic", "#id_starter_name"]
    assert soup_of(answer).title.text.startswith("Error: ")
    sent = {**shown_in(answer), **{name: filled()[name] for name in ("body", "topic", "decision_maker")}}
    alices.post(room(petition, "edit"), {**sent, "starter_name": "Alice", "action": "save"})
    assert drafting.missing_fields(fresh(petition)) == []


def test_a_second_click_sends_once(alices, make_draft):
    petition = make_draft()
    alices.post(room(petition, "submit"))
    answer = alices.post(room(petition, "submit"), follow=True)
    assert answer.status_code == 200
    assert Transition.objects.count() == 1


def test_too_many_in_a_day_are_refused_in_words(alices, make_draft, monkeypatch):
    monkeypatch.setattr(drafting, "SUBMISSIONS_A_DAY", 0)
    petition = make_draft()
    answer = alices.post(room(petition, "submit"), follow=True)
    assert "The text is kept; send it tomorrow" in answer.text
    assert fresh(petition).state == State.DRAFT


def test_opening_the_address_of_sending_leads_to_the_preview(alices, make_draft):
    petition = make_draft()
    assert alices.get(room(petition, "submit")).url == room(petition, "preview")


def test_what_was_sent_can_be_read_but_not_sent_again(alices, make_petition):
    for state in (State.SUBMITTED, State.REJECTED, State.REMOVED):
        page = soup_of(alices.get(room(make_petition(state), "preview")))
        assert "This is what you sent" in page.text
        assert page.select("main form") == []


def test_what_is_public_is_read_at_its_own_address(alices, make_petition):
    petition = make_petition(State.PUBLISHED)
    assert alices.get(room(petition, "preview")).url == petition.get_absolute_url()


def test_it_takes_few_queries(alices, make_draft, django_assert_max_num_queries):
    petition = make_draft()
    with django_assert_max_num_queries(3):
        alices.get(room(petition, "preview"))


def test_sending_takes_few_queries(alices, bob, make_draft, django_assert_max_num_queries):
    petition = make_draft()
    with django_assert_max_num_queries(36):
        alices.post(room(petition, "submit"))
