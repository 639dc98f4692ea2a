"""How many petitions there are, counted now and then."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import override_settings

from petitions import census
from petitions.census import Counts
from petitions.models import Petition, Topic
from petitions.querysets import PetitionQuerySet


@pytest.fixture(autouse=True)
def _counted_anew(monkeypatch):
    monkeypatch.setattr(census, "read", census._Census().read)


def counted(topics=None):
    return Counts.of((group[:3] for group in census.read()), topics or Topic.objects.all())


def test_it_counts_by_topic_and_state(make_petition):
    make_petition(title="Light the river path")
    make_petition(title="Repair the belfry", topic=Topic.objects.get(slug="schools"))
    Petition.objects.filter(topic__slug="schools").update(topic=None)
    counts = counted()
    assert counts.total() == counts.total(states=["published"]) == 2
    assert (counts.total(["parks"]), counts.total([""]), counts.total(["schools"])) == (1, 1, 0)
    assert counts.total(["parks"], ["closed"]) == 0


def test_it_tells_what_can_be_signed(make_petition):
    for days in (1, -1):
        petition = make_petition(title=f"Light the river path {days}")
        Petition.objects.filter(pk=petition.pk).update(closes_at=Now() + timedelta(days=days))
    assert [group[1:] for group in census.read()] == [("published", 2, 1)]


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
        assert counted(topics).total() == 1
    Petition.objects.all().update(state="closed", closed_at=Now())
    now[0] += 59
    with django_assert_num_queries(0):
        assert counted(topics).total(states=["published"]) == 1
    now[0] += 1
    assert counted(topics).total(states=["closed"]) == 1


@pytest.mark.parametrize(
    ("petitions", "times"), [(1, 1), (9_999, 1), (10_000, 2), (85_000, 9), (90_000, 10), (2_000_000, 10)]
)
@override_settings(PAGE_CACHE_SECONDS=2)
def test_the_more_there_are_the_longer_it_keeps_them(petitions, times, monkeypatch):
    now, looks = [1_000.0], []
    monkeypatch.setattr(census.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(
        PetitionQuerySet,
        "count_by_topic_and_state",
        lambda _: looks.append(now[0]) or [(1, "published", petitions, 1)],
    )
    for _ in range(2 * times + 1):
        census.read()
        now[0] += 1
    assert looks == [1_000, 1_000 + 2 * times]
