"""The bar of views: ready ones, and those that somebody keeps."""

import pytest

from petitions.models import SavedView
from petitions.services import saved_views
from petitions.states import State
from tests.petitions.filling import soup_of

LIST = "/admin/petitions/petition/"
SAVE = f"{LIST}views/"
QUERY = "state=rejected&topic__id__exact=1"


def labels(page):
    return [each.text for each in soup_of(page).select(".views nav a")]


def test_it_has_ready_views_that_work(bobs, make_petition):
    make_petition(State.SUBMITTED)
    bar = soup_of(bobs.get(LIST)).select(".views nav a")
    assert [each.text for each in bar] == [
        *("All", "Waiting", "Overdue", "My decisions", "Changes asked for", "Imported, needs an ask")
    ]
    for link in bar:
        assert bobs.get(LIST + link["href"]).status_code == 200


def test_it_marks_the_view_that_is_shown(bobs):
    current = soup_of(bobs.get(LIST, {"waits": "overdue", "state": "submitted", "p": "1"})).select(
        ".views [aria-current]"
    )
    assert [each.text for each in current] == ["Overdue"]


def test_a_list_is_kept_under_a_name(bobs, bob):
    answer = bobs.post(SAVE, {"name": " Refused,  parks ", "query": f"{QUERY}&p=3&evil=1&e=1"})
    assert answer.headers["Location"] == f"{LIST}?{QUERY}"
    assert bob.saved_views.get().query == QUERY
    page = bobs.get(answer.headers["Location"])
    assert "Refused, parks" in labels(page)
    assert "Delete the view" in page.content.decode()


def test_a_view_is_its_persons_own(bobs, bob, dora, client_of):
    view = saved_views.save(person=bob, name="Mine", query=QUERY)
    doras = client_of(dora)
    assert "Mine" not in labels(doras.get(LIST))
    doras.post(f"{SAVE}{view.pk}/forget/")
    assert bob.saved_views.exists()
    assert bobs.post(f"{SAVE}{view.pk}/forget/").headers["Location"] == f"{LIST}?{QUERY}"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", QUERY, "Give the view a name."),
        ("x" * 61, QUERY, "at most 60 characters"),
        ("mine", QUERY, "already"),
        ("Another", "", "Choose a filter first"),
        ("Another", "evil=1", "Choose a filter first"),
        ("Another", "q=" + "x" * 2000, "Choose a filter first"),
        ("Another", "&".join(f"q={n}" for n in range(99)), "Choose a filter first"),
    ],
)
def test_it_says_why_a_view_is_not_kept(bobs, bob, name, query, said):
    saved_views.save(person=bob, name="Mine", query=QUERY)
    page = bobs.post(SAVE, {"name": name, "query": query}, follow=True).content.decode()
    assert said in page
    assert bob.saved_views.count() == 1


def test_there_are_at_most_so_many(bobs, bob, monkeypatch):
    monkeypatch.setattr(saved_views, "AT_MOST", 1)
    saved_views.save(person=bob, name="Mine", query=QUERY)
    assert (
        b"Delete it before you save another."
        in bobs.post(SAVE, {"name": "More", "query": QUERY}, follow=True).content
    )


def test_names_and_queries_are_escaped(bobs, bob):
    saved_views.save(person=bob, name="<b>x</b>", query="q=%22%3E%3Cscript%3E")
    page = bobs.get(LIST).content.decode()
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page
    assert "<script>" not in page.replace("<script src", "")


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, role):
    assert client_as(role).post(SAVE, {"name": "x", "query": QUERY}).status_code in {302, 403}
    assert not SavedView.objects.exists()
