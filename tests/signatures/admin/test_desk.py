"""Held signatures on the first page of the admin."""

from datetime import timedelta

from django.utils import timezone

from signatures import desk
from signatures.models import Signature, State
from signatures.services import hiding
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


def hidden_since(signature: Signature, hours: float) -> Signature:
    Signature.objects.filter(pk=signature.pk).update(reason_hidden_at=timezone.now() - timedelta(hours=hours))
    return signature


def test_reasons_hidden_lately_are_there_for_a_second_look_the_first_one_first(bobs, signature_of):
    young = hidden_since(signature_of("Ann", reason="Rude."), 2)
    old = hidden_since(signature_of("Ben", reason="Ruder."), 80)
    page = bobs.get(INDEX).content.decode()
    assert "Reasons hidden lately" in page
    assert "Each stays here for a week, for a second look." in page
    assert page.index(detail(old)) < page.index(detail(young))
    assert "Rude" not in page


def test_a_hidden_reason_leaves_the_desk_after_a_week_and_when_it_is_shown_again(sue, signature_of):
    kept = hidden_since(signature_of("Ann", reason="Rude."), 7 * 24 - 1)
    hidden_since(signature_of("Ben", reason="Ruder."), 7 * 24 + 1)
    signature_of("Cem", reason="Polite.")
    assert [line.url for line in desk.hidden_reasons().lines] == [detail(kept)]
    hiding.show_reason(signature=kept, by=sue)
    assert (desk.hidden_reasons().count, desk.hidden_reasons().oldest_at) == (0, None)


def test_the_list_behind_hidden_reasons_has_as_many_as_the_desk_says(bobs, signature_of):
    many = desk.SHOWN + 2
    for number in range(many):
        hidden_since(signature_of(f"N{number}", reason="Rude."), number)
    hidden_since(signature_of("Old", reason="Rude."), 24 * 30)
    signature_of("Polite", reason="Polite.")
    waiting = desk.hidden_reasons()
    index, listed = bobs.get(INDEX).content.decode(), bobs.get(waiting.url)
    assert f'<a href="{waiting.url}">Reasons hidden lately</a> <span class="count">{many}</span>' in index
    assert f'<a href="{waiting.url}">See all {many}</a>' in index
    assert listed.context["cl"].result_count == many
    shown = [each.pk for each in listed.context["cl"].result_list]
    assert shown[: desk.SHOWN] == [int(line.url.split("/")[-3]) for line in waiting.lines]
    assert bobs.get(LIST, {"reason": "hidden"}).context["cl"].result_count == many + 1


def test_hidden_reasons_are_not_for_those_who_may_not_hide(
    client_as, sam, client_of, permission, signature_of
):
    hidden_since(signature_of(reason="Rude."), 2)
    sam.user_permissions.add(permission("view_signature"), permission("release_signature"))
    page = client_of(sam).get(INDEX).content.decode()
    assert "held for review" in page
    assert "Reasons hidden lately" not in page
    assert "Reasons hidden lately" in client_as("moderator").get(INDEX).content.decode()
