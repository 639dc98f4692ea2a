"""How many petitions there are, counted now and then."""

import pytest
from django.db.models.functions import Now
from django.test import override_settings

from petitions import census
from petitions.census import Counts
from petitions.models import Petition, Topic


@pytest.fixture(autouse=True)
def _counted_anew(monkeypatch):
    monkeypatch.setattr(census, "read", census._Census().read)


def counted():
    return Counts.of(census.read(), Topic.objects.all())


def test_it_counts_by_topic_and_state(make_petition):
    make_petition(title="Light the river path")
    make_petition(title="Repair the belfry", topic=Topic.objects.get(slug="schools"))
    Petition.objects.filter(topic__slug="schools").update(topic=None)
    counts = counted()
    assert counts.total() == counts.total(states=["published"]) == 2
    assert (counts.total(["parks"]), counts.total([""]), counts.total(["schools"])) == (1, 1, 0)
    assert counts.total(["parks"], ["closed"]) == 0


@override_settings(PAGE_CACHE_SECONDS=0)
def test_it_counts_each_time_where_nothing_is_kept(make_petition):
    assert counted().total() == 0
    make_petition()
    assert counted().total() == 1


@override_settings(PAGE_CACHE_SECONDS=60)
def test_it_keeps_what_it_has_counted(make_petition, monkeypatch, django_assert_num_queries):
    now = [1_000.0]
    monkeypatch.setattr(census.time, "monotonic", lambda: now[0])
    make_petition()
    topics = list(Topic.objects.all())
    with django_assert_num_queries(1):
        assert Counts.of(census.read(), topics).total() == 1
    Petition.objects.all().update(state="closed", closed_at=Now())
    now[0] += 59
    with django_assert_num_queries(0):
        assert Counts.of(census.read(), topics).total(states=["published"]) == 1
    now[0] += 1
    assert Counts.of(census.read(), topics).total(states=["closed"]) == 1
