"""Milestones, announcements and consents are read, never written."""

import pytest

from signatures import consents
from signatures.models import Announcement, Milestone

MODELS = ["milestone", "announcement", "consent"]


@pytest.fixture
def rows(petition):
    milestone = Milestone.objects.create(petition=petition, threshold=100, signatures=100)
    announcement = Announcement.objects.create(milestone=milestone)
    return {"milestone": milestone, "announcement": announcement, "consent": consents.current("en")}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_they_are_read(client_as, rows, role, model):
    client = client_as(role)
    assert client.get(f"/admin/signatures/{model}/").status_code == 200
    page = client.get(f"/admin/signatures/{model}/{rows[model].pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content


@pytest.mark.parametrize("model", MODELS)
def test_they_are_never_written(client_as, rows, model):
    client, base = client_as("administrator"), f"/admin/signatures/{model}/"
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{rows[model].pk}/change/", {"threshold": 1}).status_code == 403
    assert client.post(f"{base}{rows[model].pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_they_are_not_for_others(client_as, rows, role, model):
    assert client_as(role).get(f"/admin/signatures/{model}/").status_code in {302, 403}


@pytest.mark.parametrize("model", ["milestone", "announcement"])
def test_they_ask_as_many_queries_for_one_as_for_six(
    bobs, make_petition, rows, model, django_assert_max_num_queries
):
    address = f"/admin/signatures/{model}/"
    bobs.get(address)
    with django_assert_max_num_queries(50) as one:
        bobs.get(address)
    for number in range(5):
        made = Milestone.objects.create(
            petition=make_petition(title=f"Title {number}"), threshold=100, signatures=101
        )
        Announcement.objects.create(milestone=made)
    with django_assert_max_num_queries(len(one)):
        bobs.get(address)
