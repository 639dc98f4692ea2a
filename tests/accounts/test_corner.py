"""The header's corner: a fragment that costs visitors nothing."""

import pytest

CORNER = "/accounts/corner/"


def test_it_asks_no_database_for_a_visitor(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get(CORNER)
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    assert "/accounts/login/" in answer.content.decode()


def test_it_knows_a_member_with_two_queries(client_of, alice, django_assert_num_queries):
    client = client_of(alice)
    with django_assert_num_queries(2):
        content = client.get(CORNER).content.decode()
    assert alice.name in content
    assert "/admin/" not in content


def test_it_shows_the_admin_to_staff(client_of, bob):
    assert "/admin/" in client_of(bob).get(CORNER).content.decode()


@pytest.mark.parametrize("value", ["", "nonsense", "x" * 5000])
def test_it_stands_a_broken_cookie(client, db, value):
    client.cookies["sessionid"] = value
    assert "/accounts/login/" in client.get(CORNER).content.decode()


def test_it_remembers_the_page(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/petitions/?q=lamp"}
    assert "next=/petitions/%3Fq%3Dlamp" in client.get(CORNER, headers=headers).content.decode()


def test_it_is_for_reading(client, db):
    assert client.post(CORNER).status_code == 405
