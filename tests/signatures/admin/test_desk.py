"""Held signatures on the first page of the admin."""

from datetime import timedelta

from django.utils import timezone

from signatures import desk
from signatures.models import Signature, State
from tests.signatures.admin.conftest import LIST, detail

INDEX = "/admin/"


def waiting_since(signature: Signature, hours: float) -> Signature:
    Signature.objects.filter(pk=signature.pk).update(asked_at=timezone.now() - timedelta(hours=hours))
    return signature


def test_it_shows_the_oldest_first_with_age_and_a_link(bobs, petition, signature_of):
    young = waiting_since(signature_of("Ann", state=State.HELD), 2)
    old = waiting_since(signature_of("Ben", state=State.HELD), 80)
    page = bobs.get(INDEX).content.decode()
    assert "Signatures held for review" in page
    assert page.index(detail(old)) < page.index(detail(young))
    assert '<span class="age overdue">3\xa0days, overdue</span>' in page
    assert petition.title in page


def test_it_names_nobody(bobs, signature_of):
    signature_of("Ann Hidden", state=State.HELD, public=True)
    page = bobs.get(INDEX).content
    assert b"Ann Hidden" not in page
    assert b"@example.net" not in page


def test_it_counts_only_what_is_held(signature_of):
    for number, state in enumerate(State):
        signature_of(f"N{number}", state=state)
    assert (desk.waiting().count, len(desk.waiting().lines)) == (1, 1)


def test_it_counts_all_and_lists_a_few(bobs, signature_of):
    for number in range(desk.SHOWN + 2):
        signature_of(f"N{number}", state=State.HELD)
    page = bobs.get(INDEX).content.decode()
    assert f"See all {desk.SHOWN + 2}" in page
    assert page.count(f'href="{LIST}') >= desk.SHOWN
    assert f"{LIST}?state=held" in page


def test_it_is_not_for_those_who_may_not_decide(client_as, signature_of):
    signature_of(state=State.HELD)
    assert b"held for review" not in client_as("staff").get(INDEX).content


def test_it_asks_as_many_queries_for_one_as_for_eight(signature_of, django_assert_num_queries):
    for number in range(8):
        if number in {1, 7}:
            with django_assert_num_queries(2):
                desk.waiting()
        signature_of(f"N{number}", state=State.HELD)
