"""While mail is late, the page after asking says so and asks nobody to type again, whoever asked."""

import pytest
from django.test import Client
from django.urls import reverse

from outbox import pausing

pytestmark = pytest.mark.django_db
LATE, AGAIN = "Our mail is late at the moment.", "type it again"


@pytest.fixture
def sent_url(petition):
    return reverse("signatures:sent", args=[petition.slug])


def test_it_says_so_while_all_mail_is_paused(sent_url):
    pausing.pause(kind=pausing.EVERYTHING)
    page = Client().get(sent_url).content.decode()
    assert LATE in page
    assert "Your request is kept" in page
    assert AGAIN not in page
    assert "We have written" not in page


@pytest.mark.parametrize("kind", ["confirm-signature", "already-signed"])
def test_either_answer_being_late_is_said_to_everybody(sent_url, kind):
    pausing.pause(kind=kind)
    assert LATE in Client().get(sent_url).content.decode()


def test_it_says_nothing_of_it_otherwise(sent_url):
    pausing.pause(kind="milestone-starter")
    page = Client().get(sent_url).content.decode()
    assert LATE not in page
    assert AGAIN in page


def test_it_asks_the_database_once_for_it(sent_url, django_assert_num_queries):
    client = Client()
    client.get(sent_url)
    with django_assert_num_queries(2):
        client.get(sent_url)
