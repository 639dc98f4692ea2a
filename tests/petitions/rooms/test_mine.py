from urllib.parse import unquote

from django.test import Client

from petitions.models import Tally
from petitions.states import State
from tests.petitions.filling import soup_of
from tests.petitions.rooms.conftest import room

MINE = "/petitions/mine/"


def test_who_is_signed_out_signs_in_first(db):
    assert unquote(Client().get(MINE).url) == f"/accounts/login/?next={MINE}"


def test_nothing_yet_says_what_can_be_done(alices):
    page = soup_of(alices.get(MINE))
    assert "You have not started a petition yet" in page.text
    assert page.select_one("main .panel-flat a")["href"] == "/petitions/start/"


def test_it_lists_mine_by_what_needs_me_first(alices, mallory, make_petition):
    made = {state: make_petition(state, title=f"It is {state.value}") for state in State}
    make_petition(State.PUBLISHED, title="Not mine", starter=mallory)
    page = soup_of(alices.get(MINE))
    links = [link["href"] for link in page.select("main table th[scope=row] a")]
    order = [
        "changes-requested",
        "draft",
        "submitted",
        "published",
        "closed",
        "victory",
        "rejected",
        "removed",
    ]
    assert links == [room(made[State(value)]) for value in order]
    assert "Not mine" not in page.text


def test_each_says_the_next_step(alices, make_petition):
    for state in State:
        make_petition(state)
    rows = soup_of(alices.get(MINE)).select("main tbody tr")
    steps = [row.select("td")[-1].get_text(" ", strip=True).split(" : ")[0] for row in rows]
    assert steps[:2] == ["Change and send again", "Go on writing"]
    assert steps[2].startswith("Nothing to do. Sent")
    assert steps[3:] == ["Open its page"] * 3 + ["Read why"] * 2


def test_it_shows_the_count(alices, make_petition):
    Tally.objects.filter(petition=make_petition(State.PUBLISHED)).update(signatures=1_234)
    assert soup_of(alices.get(MINE)).select("main tbody td")[0].text == "1,234"


def test_many_come_in_pages(alices, make_draft):
    for _ in range(52):
        make_draft()
    assert len(soup_of(alices.get(MINE)).select("main tbody tr")) == 50
    for page, rows in (("2", 2), ("99", 2), ("x", 50)):
        assert len(soup_of(alices.get(MINE, {"page": page})).select("main tbody tr")) == rows


def test_it_takes_few_queries_however_many(alices, make_petition, django_assert_max_num_queries):
    for state in State:
        make_petition(state)
    with django_assert_max_num_queries(4):
        page = alices.get(MINE)
    assert page.headers["Cache-Control"] == "private, no-store"


def test_it_takes_no_post(alices):
    assert alices.post(MINE).status_code == 405
