"""Public pages are the same bytes for everybody, whoever asks and however; any cache may keep them."""

import pytest

from petitions.states import State

PATHS = [
    "/",
    "/petitions/",
    "/petitions/?q=lamps",
    "/about/",
    "/privacy/",
    "/rules/",
    "PAGE",
    "PAGEcount.json",
]


@pytest.fixture
def path(request, make_petition):
    return request.param.replace("PAGE", make_petition().get_absolute_url())


every_page = pytest.mark.parametrize("path", PATHS, indirect=True)


@every_page
def test_it_is_the_same_for_a_hostile_browser_and_a_member(client, hostile, client_of, alice, path):
    plain = client.get(path)
    for other in (hostile.get(path), client_of(alice).get(path)):
        assert other.content == plain.content
        assert other["ETag"] == plain["ETag"]


@every_page
def test_it_sets_no_cookie_and_does_not_vary(hostile, path):
    response = hostile.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "Accept-Language" not in response.get("Vary", "")
    assert response["Cache-Control"].startswith("public,")


@every_page
def test_it_carries_no_token_and_no_name(client_of, alice, path):
    page = client_of(alice).get(path).content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert alice.email not in page


@every_page
def test_it_is_not_sent_twice(client, path):
    tag = client.get(path)["ETag"]
    again = client.get(path, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content) == (304, b"")


@every_page
def test_it_answers_head_and_refuses_post(client, path):
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(path).status_code == 405


def test_the_removed_and_the_moved_may_be_kept_as_well(hostile, make_petition):
    removed, moved = make_petition(State.REMOVED), make_petition(title="Another")
    for path in (removed.get_absolute_url(), f"/petitions/x-{moved.pk}/"):
        response = hostile.get(path)
        assert response["Cache-Control"].startswith("public,")
        assert not response.cookies
