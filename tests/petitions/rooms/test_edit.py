from django.test import Client

from petitions.models import Seed, Topic
from petitions.services import drafting
from petitions.services.drafting import draft_of
from petitions.states import State
from tests.petitions.filling import filled, shown_in, soup_of, summary_of
from tests.petitions.rooms.conftest import fresh, room

SIGNED_IN = "accounts.backend.Backend"


def test_it_shows_what_is_kept(alices, make_draft):
    petition = make_draft(first_goal=250, language="de")
    shown = shown_in(alices.get(room(petition, "edit")))
    assert (shown["title"], shown["body"]) == (petition.title, petition.version.body)
    assert (shown["decision_maker"], shown["starter_name"]) == ("Parks Department", "Alice Miller")
    assert (shown["first_goal"], shown["language"]) == ("250", "de")
    assert shown["topic"] == str(petition.topic_id)


def test_it_keeps_what_is_changed(alices, make_draft):
    petition = make_draft()
    shown = shown_in(alices.get(room(petition, "edit")))
    answer = alices.post(room(petition, "edit"), {**shown, "title": "Light the path", "action": "save"})
    assert fresh(petition).title == "Light the path"
    assert answer.url == room(fresh(petition)) == f"/petitions/light-the-path-{petition.pk}/manage/"


def test_saving_what_is_shown_changes_nothing(alices, make_draft):
    petition = make_draft(body="One\n\n    two  \n\n> three", ask="Just this.")
    before = draft_of(fresh(petition))
    alices.post(room(petition, "edit"), {**shown_in(alices.get(room(petition, "edit"))), "action": "save"})
    assert draft_of(fresh(petition)) == before


def test_the_preview_button_keeps_it_first(alices, make_draft):
    petition = make_draft()
    answer = alices.post(room(petition, "edit"), filled(title="Light the path", action="preview"))
    assert answer.url == room(fresh(petition), "preview")


def test_it_says_what_is_wrong_and_loses_nothing(alices, make_draft):
    petition = make_draft()
    answer = alices.post(room(petition, "edit"), filled(title="", body="Typed for an hour"))
    assert answer.status_code == 422
    assert list(summary_of(answer)) == ["#id_title"]
    assert shown_in(answer)["body"] == "Typed for an hour"
    assert fresh(petition).title == petition.title


def test_two_tabs_overwrite_nothing_unseen(alices, make_draft):
    petition = make_draft()
    one, two = (shown_in(alices.get(room(petition, "edit"))) for _ in range(2))
    alices.post(room(petition, "edit"), {**one, "body": "From the first tab", "action": "save"})
    page = alices.post(
        room(petition, "edit"), {**two, "body": "From the second", "action": "save"}, follow=True
    )
    assert "There are two texts now" in page.text
    assert soup_of(page).select_one("main details pre").text == "From the first tab"
    assert shown_in(page)["body"] == "From the second"
    assert fresh(petition).version.body == "From the first tab"
    alices.post(room(petition, "edit"), {**shown_in(page), "action": "save"})
    assert fresh(petition).version.body == "From the second"


def test_the_other_text_can_be_thrown_away(alices, make_draft):
    petition = make_draft()
    old = shown_in(alices.get(room(petition, "edit")))
    alices.post(room(petition, "edit"), {**old, "body": "From the first tab", "action": "save"})
    alices.post(room(petition, "edit"), {**old, "body": "From the second", "action": "save"})
    alices.post(room(petition, "edit"), {"action": "discard"})
    assert shown_in(alices.get(room(petition, "edit")))["body"] == "From the first tab"


def test_what_was_typed_survives_a_session_that_ended(alice, make_draft):
    petition, client = make_draft(), Client()
    answer = client.post(room(petition, "edit"), filled(body="Typed for an hour"))
    assert answer.url.startswith("/accounts/login/")
    client.force_login(alice, backend=SIGNED_IN)
    page = client.get(room(petition, "edit"))
    assert shown_in(page)["body"] == "Typed for an hour"
    client.post(room(petition, "edit"), {**shown_in(page), "action": "save"})
    assert fresh(petition).version.body == "Typed for an hour"


def test_it_shows_what_the_moderators_asked_for(alices, make_petition):
    page = alices.get(room(make_petition(State.CHANGES_REQUESTED), "edit"))
    assert "It does not say what should be done" in soup_of(page).select_one("#asked-for").parent.text


def test_an_imported_text_is_asked_for_its_ask_but_may_be_kept_without(alices, make_draft):
    petition = make_draft()
    Seed.objects.create(key="lamps", petition=petition, shape="article", source="lamps.txt", needs_ask=True)
    label = soup_of(alices.get(room(petition, "edit"))).select_one("label[for=id_ask]").text
    assert "optional" not in label
    assert alices.post(room(petition, "edit"), filled(ask="")).status_code == 302


def test_a_topic_that_went_out_of_use_can_be_kept(alices, make_draft):
    petition = make_draft()
    Topic.objects.filter(slug="parks").update(active=False)
    shown = shown_in(alices.get(room(petition, "edit")))
    assert alices.post(room(petition, "edit"), {**shown, "action": "save"}).status_code == 302
    assert fresh(petition).topic.slug == "parks"


def test_it_takes_few_queries(alices, make_petition, django_assert_max_num_queries):
    petition = make_petition(State.CHANGES_REQUESTED)
    alices.get(room(petition, "edit"))
    with django_assert_max_num_queries(8):
        alices.get(room(petition, "edit"))


def test_saving_takes_few_queries(alices, make_draft, django_assert_max_num_queries):
    petition = make_draft()
    with django_assert_max_num_queries(18):
        assert alices.post(room(petition, "edit"), filled()).status_code == 302
    assert drafting.missing_fields(fresh(petition)) == []
