"""The list of signatures."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from petitions.models import Petition
from signatures.admin import pages
from signatures.admin import signatures as list_of_signatures
from signatures.models import Signature, State
from tests.signatures.admin.conftest import LIST, count_of, facts, yes


def shown(client, **query: str) -> str:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode()


def bulk(code: str, *signatures: Signature) -> dict[str, object]:
    return {"action": code, "_selected_action": [each.pk for each in signatures]}


def test_it_masks_addresses_and_shows_public_names_only(bobs, signature_of):
    signature_of("Carol Singer", public=True)
    signature_of("Dan Discreet")
    page = shown(bobs)
    assert "c***@example.net" in page
    assert "Carol Singer" in page
    assert "Dan Discreet" not in page
    assert "@example.net" not in page.replace("***@example.net", "")


@pytest.mark.parametrize("state", [State.PENDING, State.WITHDRAWN, State.REMOVED])
def test_it_shows_no_name_of_what_is_not_public_any_more(bobs, signature_of, state):
    signature_of("Carol Singer", state=state, public=True)
    assert "Carol Singer" not in shown(bobs)


def test_it_finds_a_whole_address_in_any_case(bobs, signature_of):
    signature_of("Carol Singer")
    signature_of("Dan Other")
    page = shown(bobs, q="CAROL@example.NET")
    assert "c***@" in page
    assert "d***@" not in page
    assert "c***@" not in shown(bobs, q="carol@example")


def test_it_finds_names_but_not_unconfirmed_ones(bobs, signature_of):
    signature_of("Carol Singer")
    signature_of("Sigrid Singer", state=State.PENDING)
    page = shown(bobs, q="singer")
    assert "c***@" in page
    assert "s***@" not in page


def test_it_looks_at_so_many_of_the_latest_names(bobs, signature_of, monkeypatch):
    monkeypatch.setattr(list_of_signatures, "LOOKED_AT", 2)
    for name in ("Ann Singer", "Ben Singer", "Cem Other"):
        signature_of(name)
    page = shown(bobs, q="singer")
    assert "b***@" in page
    assert "a***@" not in page
    assert "a***@" in shown(bobs, q="ann@example.net")


def test_it_filters_by_petition(bobs, make_petition, signature_of, petition):
    other: Petition = make_petition(title="Benches for the park")
    signature_of("Carol Singer")
    signature_of("Dan Other", petition=other)
    for typed in (str(other.pk), "benches FOR"):
        page = shown(bobs, petition=typed)
        assert "d***@" in page
        assert "c***@" not in page
        assert f'value="{typed}"' in page
    assert "***@" not in shown(bobs, petition="9" * 30)


def test_it_filters_by_day(bobs, signature_of):
    old = signature_of("Old One")
    Signature.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=9))
    signature_of("New One")
    today = timezone.localdate()
    assert "n***@" in shown(bobs, day=today.isoformat())
    assert "o***@" not in shown(bobs, day=today.isoformat())
    assert "o***@" in shown(bobs, day=(today - timedelta(days=9)).isoformat())


@pytest.mark.parametrize("typed", ["tomorrow", "9999-12-31", "0001-01-01", "2026-02-30", "a\x00b"])
@pytest.mark.parametrize("parameter", ["day", "petition", "state", "suspicion", "q"])
def test_it_bears_what_can_not_be_read(bobs, signature_of, parameter, typed):
    signature_of()
    assert bobs.get(LIST, {parameter: typed}).status_code in {200, 302}


def test_it_filters_by_state_and_suspicion(bobs, signature_of):
    signature_of("Carol Singer")
    signature_of("Dan Hasty", state=State.HELD, suspicion="haste")
    for limits in ({"state": "held"}, {"suspicion": "haste"}, {"suspicion": "any"}):
        page = shown(bobs, **limits)
        assert "d***@" in page
        assert "c***@" not in page
    assert "c***@" in shown(bobs, suspicion="none")


def test_filters_keep_each_other(bobs, signature_of):
    signature_of(state=State.HELD)
    page = shown(bobs, state="held", q="carol")
    assert '<input type="hidden" name="state" value="held">' in page
    assert '<input type="hidden" name="q" value="carol">' in page


def test_the_held_come_oldest_first_and_all_others_latest_first(bobs, signature_of):
    signature_of("Ann Old", state=State.HELD)
    signature_of("Ben New", state=State.HELD)
    held, every = shown(bobs, state="held"), shown(bobs)
    assert held.index("a***@") < held.index("b***@")
    assert every.index("b***@") < every.index("a***@")


def test_it_releases_many_after_asking(bobs, petition, signature_of):
    signatures = [signature_of(name, state=State.HELD) for name in ("Ann", "Ben", "Cem")]
    page = bobs.post(LIST, bulk("release", *signatures))
    assert page.content.count(b'name="_selected_action"') == 3
    assert count_of(petition) == 0
    bobs.post(LIST, {**bulk("release", *signatures), **yes()})
    assert count_of(petition) == 3
    assert LogEntry.objects.count() == 3


def test_the_question_gives_back_large_numbers_as_they_are(bobs, petition, signature_of):
    signature = signature_of("Ann", state=State.HELD)
    Signature.objects.filter(pk=signature.pk).update(id=12_345_678)
    page = bobs.post(LIST, {"action": "release", "_selected_action": [12_345_678]})
    [given_back] = re.findall(r'name="_selected_action" value="([^"]*)"', page.content.decode())
    bobs.post(LIST, {"action": "release", "_selected_action": [given_back], **yes()})
    assert count_of(petition) == 1


def test_it_leaves_those_alone_that_do_not_fit(sues, petition, signature_of):
    held, pending = signature_of("Ann", state=State.HELD), signature_of("Ben", state=State.PENDING)
    page = sues.post(LIST, {**bulk("remove", held, pending), **yes()}, follow=True).content.decode()
    assert "1 signature was removed." in page
    assert "no longer fits there: 1." in page
    assert (facts(held)[0], facts(pending)[0]) == (State.REMOVED, State.PENDING)


@pytest.mark.parametrize("code", ["release", "remove"])
def test_nobody_posts_to_it_without_the_permission(sam, client_of, signature_of, permission, code):
    sam.user_permissions.add(permission("view_signature"), permission("hide_reason"))
    signature = signature_of(state=State.HELD)
    client = client_of(User.objects.get(pk=sam.pk))
    assert client.post(LIST, {**bulk(code, signature), **yes()}).status_code == 403
    assert facts(signature)[0] == State.HELD
    assert 'name="action"' not in shown(client)


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, signature_of, role):
    signature = signature_of(state=State.HELD, public=True)
    client = client_as(role)
    for answer in (client.get(LIST), client.post(LIST, {**bulk("release", signature), **yes()})):
        assert answer.status_code in {302, 403}
        assert b"Singer" not in answer.content
    assert facts(signature)[0] == State.HELD


def test_it_escapes_names_and_titles(bobs, make_petition, signature_of):
    petition = make_petition(title="<img src=x onerror=alert(1)>")
    signature_of("<b>Al</b> Bold", petition=petition, email="al@example.net", public=True)
    page = shown(bobs)
    assert "<img src=x" not in page
    assert "<b>Al" not in page
    assert 'value="&quot;&gt;&lt;b&gt;"' in shown(bobs, petition='"><b>')


def test_it_offers_no_deleting(client_as, signature_of):
    signature_of()
    assert b"delete_selected" not in client_as("administrator").get(LIST).content


def test_it_asks_as_many_queries_for_one_as_for_eight(
    bobs, make_petition, signature_of, django_assert_max_num_queries
):
    signature_of()
    bobs.get(LIST)
    with django_assert_max_num_queries(50) as one:
        bobs.get(LIST)
    for number in range(7):
        signature_of(f"Number{number} One", petition=make_petition(title=f"Title {number}"), state=State.HELD)
    with django_assert_max_num_queries(len(one)):
        bobs.get(LIST)
    assert len(one) <= 7


def test_it_says_when_more_were_chosen_than_are_decided_at_once(bobs, signature_of, monkeypatch):
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    signatures = [signature_of(name, state=State.HELD) for name in ("Ann", "Ben", "Cem")]
    page = bobs.post(LIST, bulk("release", *signatures)).content.decode()
    assert "You chose more; at most 2 are decided at once, the oldest first." in page
    assert page.count('name="_selected_action"') == 2
    assert "You chose more" not in bobs.post(LIST, bulk("release", *signatures[:2])).content.decode()
