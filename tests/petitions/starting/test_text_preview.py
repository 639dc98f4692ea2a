import pytest
from django.test import Client

from tests.petitions.filling import soup_of

PREVIEW = "/petitions/text-preview/"


@pytest.fixture
def client(db) -> Client:
    return Client()


def test_it_shows_the_text_as_the_page_will(client):
    page = soup_of(client.post(PREVIEW, {"body": "## Why\r\n\r\nIt is *hot*.\n\n- one\n- two"}))
    assert [tag.name for tag in page.select(".prose > *")] == ["h2", "p", "ul"]
    assert page.select_one(".prose em").text == "hot"


def test_it_runs_nothing(client):
    text = client.post(
        PREVIEW, {"body": "<script>x</script> [a](javascript:x) ![p](http://e.org/x.png)"}
    ).text
    assert "<script" not in text
    assert 'href="javascript' not in text
    assert "<img" not in text


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b"])
def test_it_says_that_nothing_is_written(client, body):
    assert client.post(PREVIEW, {"body": body}).status_code == 200


def test_nothing_is_written_yet(client):
    assert "Nothing is written yet" in client.post(PREVIEW, {}).text


def test_it_cuts_what_is_too_long_and_says_so(client):
    answer = client.post(PREVIEW, {"body": "x" * 25_000})
    assert "Here it is cut off" in answer.text
    assert len(answer.text) < 22_000


def test_it_is_private_and_posted(client):
    assert client.post(PREVIEW, {"body": "x"}).headers["Cache-Control"] == "private, no-store"
    assert client.get(PREVIEW).status_code == 405
    assert Client(enforce_csrf_checks=True).post(PREVIEW, {"body": "x"}).status_code == 403
