from petitions.models import Petition
from petitions.states import State
from tests.petitions.filling import soup_of
from tests.petitions.rooms.conftest import fresh, room


def test_closing_is_asked_once_more(alices, make_petition):
    petition = make_petition(State.PUBLISHED)
    page = soup_of(alices.get(room(petition, "close")))
    assert "This can’t be undone" in page.text
    assert page.select_one("main form")["action"] == room(petition, "close")
    assert fresh(petition).state == State.PUBLISHED


def test_closing_keeps_page_and_count(alices, make_petition):
    petition = make_petition(State.PUBLISHED)
    answer = alices.post(room(petition, "close"), follow=True)
    assert fresh(petition).state == State.CLOSED
    assert "Its page and its count stay" in answer.text
    assert alices.get(petition.get_absolute_url()).status_code == 200


def test_a_second_click_closes_once(alices, make_petition):
    petition = make_petition(State.PUBLISHED)
    for _ in range(2):
        assert alices.post(room(petition, "close")).url == room(petition)
    assert petition.transitions.filter(target=State.CLOSED).count() == 1


def test_deleting_is_asked_once_more(alices, make_draft):
    petition = make_draft(title="Light <b>the</b> path")
    page = soup_of(alices.get(room(petition, "delete")))
    assert "“Light <b>the</b> path” is thrown away" in page.text
    assert Petition.objects.count() == 1


def test_a_deleted_draft_is_gone(alices, make_draft):
    petition = make_draft()
    answer = alices.post(room(petition, "delete"), follow=True)
    assert "The draft is deleted" in answer.text
    assert Petition.objects.count() == 0
    assert alices.get(room(petition)).status_code == 404
