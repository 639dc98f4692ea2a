"""Long lists are counted as far as they are shown."""

import pytest
from django.core.paginator import EmptyPage

from accounts.models import User
from lib import paging
from lib.paging import FirstOnes
from tests.conftest import person


@pytest.fixture
def pages(db, monkeypatch):
    """Return a maker of the pages of so many people, of whom four are counted."""
    monkeypatch.setattr(paging, "COUNTED", 4)

    def make(number: int) -> FirstOnes:
        for each in range(number):
            person(f"person-{each}@example.org", "Somebody")
        return FirstOnes(User.objects.order_by("pk"), 2)

    return make


@pytest.mark.parametrize(("number", "count", "has_more"), [(0, 0, False), (4, 4, False), (6, 4, True)])
def test_it_counts_no_further_than_it_shows(pages, number, count, has_more):
    listed = pages(number)
    assert (listed.count, listed.has_more) == (count, has_more)


def test_nobody_turns_further(pages):
    listed = pages(6)
    assert [each.email[:8] for each in listed.page(2)] == ["person-2", "person-3"]
    with pytest.raises(EmptyPage):
        listed.page(3)


def test_the_database_counts_no_further_either(pages, django_assert_num_queries):
    listed = pages(6)
    with django_assert_num_queries(1) as asked:
        assert listed.has_more
        assert listed.num_pages == 2
    assert "LIMIT 5" in asked[0]["sql"]
