"""The list of all petitions, and the search."""

import pytest

from petitions.models import Topic
from petitions.states import State


def titles(response):
    return [str(card.title) for card in response.context["cards"]]


def test_it_invites_to_write_when_there_is_nothing(client, db):
    page = client.get("/petitions/").content.decode()
    assert "There is no petition yet." in page
    assert 'href="/petitions/start/"' in page


def test_it_lists_the_newest_first(client, crowd):
    crowd(3)
    response = client.get("/petitions/")
    assert titles(response) == ["Plant tree number 3", "Plant tree number 2", "Plant tree number 1"]
    assert "3 petitions</h1>" in response.content.decode().replace("\n", "")


def test_it_sorts_by_signatures(client, crowd, signed):
    one, two = crowd(2)
    signed(one, 9)
    signed(two, 8)
    assert titles(client.get("/petitions/?sort=signed")) == [one.title, two.title]


def test_it_narrows_by_topic_and_state(client, make_petition, crowd):
    crowd(1, title="About schools", topic=Topic.objects.get(slug="schools"))
    make_petition(State.CLOSED, title="Closed about parks")
    assert titles(client.get("/petitions/?topic=schools")) == ["About schools"]
    assert titles(client.get("/petitions/?state=closed")) == ["Closed about parks"]
    assert titles(client.get("/petitions/?state=open")) == ["About schools"]
    assert len(titles(client.get("/petitions/?topic=schools&topic=parks&state=open&state=closed"))) == 2


def test_it_counts_each_choice_exactly(client, make_petition, crowd):
    crowd(2)
    make_petition(State.VICTORY)
    facets = client.get("/petitions/?state=open").context["facets"]
    assert [(option.value, option.count, option.is_on) for option in facets.topics] == [("parks", 2, False)]
    assert [(option.value, option.count) for option in facets.states] == [
        ("open", 2),
        ("victory", 1),
        ("closed", 0),
    ]


def test_it_offers_a_way_out_of_each_filter(client, crowd):
    crowd(1)
    page = client.get("/petitions/?q=tree&topic=parks&state=open&sort=new").content.decode()
    assert 'href="?q=tree&amp;state=open&amp;sort=new"' in page
    assert 'href="?q=tree&amp;topic=parks&amp;sort=new"' in page
    assert 'href="?q=tree&amp;sort=new">Clear all' in page


def test_it_marks_the_words_in_titles(client, make_petition):
    make_petition(title="Lamps & <b>bridges</b> for the river path")
    page = client.get("/petitions/?q=lamp+bridge").content.decode()
    assert "<mark>Lamps</mark> &amp; &lt;b&gt;<mark>bridges</mark>&lt;/b&gt; for" in page
    assert "1 petition on “lamp bridge”" in page


def test_it_shows_what_was_typed_as_words(client, db):
    page = client.get("/petitions/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_it_finds_nothing_with_a_way_on(client, crowd):
    crowd(1)
    page = client.get("/petitions/?q=unicycle").content.decode()
    assert "No petition has “unicycle” in it." in page
    page = client.get("/petitions/?q=tree&topic=schools").content.decode()
    assert "No petition matches with these filters." in page
    assert "1 is there without the filters." in page


def test_it_offers_titles_that_look_alike(client, make_petition):
    petition = make_petition(title="Open the library on Sundays")
    response = client.get("/petitions/?q=libary")
    assert "Did you mean one of these?" in response.content.decode()
    assert [card.title for card in response.context["similar"]] == [petition.title]


def test_it_turns_pages(client, crowd):
    crowd(21)
    second = client.get("/petitions/?page=2&sort=signed")
    assert len(titles(second)) == 1
    assert 'href="?sort=signed&amp;page=1" rel="prev"' in second.content.decode()


@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "1.5", "9" * 5000, "٢", "99999999999999999999", "", "²", "NaN"]
)
@pytest.mark.parametrize("words", ["", "tree"])
def test_it_never_fails_over_a_page_number(client, crowd, page, words):
    crowd(1)
    response = client.get("/petitions/", {"page": page, "q": words})
    assert response.status_code == 200
    assert len(titles(response)) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "'; DROP TABLE"},
        {"state": "draft"},
        {"state": ["open", "\x00", "removed"]},
        {"topic": "\x00"},
        {"topic": "x" * 9000},
        {"topic": [str(number) for number in range(500)]},
        {"q": "\x00"},
        {"q": "a\x00b \ud800".encode("utf-8", "surrogatepass")},
        {"q": "x" * 10_000},
        {"q": "tree " * 2_000},
        {"q": "'\":*&|!<->() \\ %_"},
        {"q": "-tree"},
        {"q": "\u202e\u2066"},
        {"q": "🌳" * 300},
        {"sort": "best"},
    ],
)
def test_it_never_fails_over_nonsense(client, crowd, query):
    crowd(1)
    assert client.get("/petitions/", query).status_code == 200


def test_it_lists_drafts_and_removed_ones_for_nobody(client, make_petition):
    for state in (State.DRAFT, State.SUBMITTED, State.REJECTED, State.REMOVED):
        make_petition(state)
    for query in ("", "?q=lamps", "?state=draft", "?q=lamsp"):
        assert "river path" not in client.get(f"/petitions/{query}").content.decode()


@pytest.mark.parametrize("number", [5, 50])
def test_it_takes_four_queries(client, crowd, django_assert_num_queries, number):
    crowd(number)
    for query in ("", "q=tree", "q=tree&sort=new&topic=parks&page=2", "sort=signed&state=open"):
        with django_assert_num_queries(4):
            client.get(f"/petitions/?{query}")


def test_it_takes_one_more_for_few_hits(client, crowd, django_assert_num_queries):
    crowd(1)
    with django_assert_num_queries(5):
        client.get("/petitions/?q=tree")
