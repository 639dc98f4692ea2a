"""A visitor’s request: one mail to the mailbox, nothing learned by whoever typed its address."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from petitions.states import State as PetitionState
from signatures import identity
from signatures.models import AskedMail, Signature, State
from signatures.services import statements, suspecting, withdrawing
from signatures.services.signing import Outcome
from tests.conftest import person
from tests.signatures import moderating
from tests.signatures.counts import age, deltas, end, mails, only, shown

CAROL = "Carol@Gmail.com"


def test_it_waits_for_the_mailbox(petition, ask):
    assert ask(CAROL, name="Carol", reason="My way home", updates=True) is True
    signature = only(petition)
    assert (signature.state, signature.user, signature.confirmed_at) == (State.PENDING, None, None)
    assert (signature.email, signature.email_domain) == (CAROL, "gmail.com")
    assert signature.asked == {"name": "Carol", "reason": "My way home", "public": False, "updates": True}
    assert (deltas(petition), shown(petition)) == ([], 0)


def test_it_writes_to_the_address_as_typed(petition, ask):
    ask(CAROL)
    (mail,) = mails("confirm-signature")
    assert (mail.to_address, mail.language) == (CAROL, "en")
    assert mail.context["signature"] == only(petition).pk
    assert "/signatures/confirm/" in mail.context["confirm_url"]


@pytest.mark.parametrize("typed", ["carol@gmail.com", "ca.rol+x@googlemail.com", "CAROL@GMAIL.COM"])
def test_any_spelling_is_the_same_request(petition, ask, typed):
    ask(CAROL, reason="First")
    before = only(petition)
    ask(typed, reason="Second")
    after = only(petition)
    assert (after.pk, after.reason, after.asked["reason"]) == (before.pk, "First", "Second")
    assert (after.email, after.asked_at > before.asked_at) == (typed, True)
    assert [mail.to_address for mail in Message.objects.order_by("pk")][-2:] == [CAROL, typed]


def test_who_has_signed_is_told_in_the_mailbox(petition, carol, sign, ask):
    sign(carol, reason="Mine")
    assert ask(carol.email, reason="Somebody’s") is True
    signature = only(petition)
    assert (signature.reason, signature.asked, signature.state) == ("Mine", None, State.CONFIRMED)
    assert [mail.context["state"] for mail in mails("already-signed")] == ["confirmed"]
    assert mails("confirm-signature") == []


def test_who_withdrew_gets_a_link_to_sign_again(petition, carol, sign, ask):
    sign(carol, reason="Proven")
    withdrawing.withdraw(signature=only(petition))
    assert ask("CAROL@example.org", reason="Typed") is True
    signature = only(petition)
    assert (signature.reason, signature.email, signature.asked["reason"]) == ("Proven", carol.email, "Typed")
    assert (signature.state, len(mails("confirm-signature"))) == (State.WITHDRAWN, 1)


@pytest.mark.parametrize("then", ["held", "removed"])
def test_what_a_moderator_decides_is_told_in_the_mailbox(petition, ask, confirm, then):
    ask(CAROL, suspicion="haste")
    confirm(only(petition))
    if then == "removed":
        moderating.remove(signature=only(petition))
    assert ask(CAROL) is True
    assert (only(petition).state, only(petition).asked) == (then, None)
    assert [mail.context["state"] for mail in mails("already-signed")] == [then]


@pytest.mark.parametrize("state", [s for s in PetitionState if s != PetitionState.PUBLISHED])
def test_only_a_published_petition_is_asked_for(make_petition, ask, state):
    assert ask(CAROL, petition=make_petition(state)) is False
    assert not Signature.objects.exists()
    assert mails("confirm-signature") == []


def test_nobody_asks_once_the_time_is_up(petition, ask):
    ask(CAROL)
    end(petition, timedelta(seconds=0))
    before = only(petition).asked_at
    assert ask(CAROL) is False
    assert only(petition).asked_at == before
    assert len(mails("confirm-signature")) == 1


def test_one_request_is_answered_once(petition, ask):
    key = uuid4()
    assert [ask(CAROL, request_key=key) for _ in range(3)] == [True] * 3
    assert (len(mails("confirm-signature")), AskedMail.objects.count()) == (1, 1)


def test_one_request_is_answered_once_even_after_it_was_confirmed(petition, ask, confirm):
    key = uuid4()
    ask(CAROL, request_key=key)
    confirm(only(petition))
    ask(CAROL, request_key=key)
    assert mails("already-signed") == []


def test_a_corrected_address_is_another_request(petition, ask):
    """Back, a letter put right, sent again with the key of the same form: the right mailbox must get its mail."""
    key = uuid4()
    ask("carrol@example.org", request_key=key)
    ask("carol@example.org", request_key=key)
    assert [mail.to_address for mail in Message.objects.filter(kind="confirm-signature").order_by("pk")] == [
        "carrol@example.org",
        "carol@example.org",
    ]


def test_a_clean_request_lifts_suspicion_and_none_adds_it(petition, ask):
    ask(CAROL, suspicion="honeypot")
    assert only(petition).suspicion == "honeypot"
    ask(CAROL)
    assert only(petition).suspicion == ""
    ask(CAROL, suspicion="haste")
    assert only(petition).suspicion == ""


def test_many_from_one_network_are_looked_at(petition, ask, monkeypatch):
    monkeypatch.setattr(suspecting, "CROWD", 3)
    network = identity.network_hash("192.0.2.1")
    for number in range(4):
        ask(f"person-{number}@example.org", network=network)
    ask("elsewhere@example.org", network=identity.network_hash("198.51.100.1"))
    ask("hasty@example.org", network=network, suspicion="haste")
    found = Signature.objects.order_by("pk").values_list("suspicion", flat=True)
    assert list(found) == ["", "", "", "network", "", "haste"]


def test_a_crowd_disperses(petition, ask, monkeypatch):
    monkeypatch.setattr(suspecting, "CROWD", 1)
    network = identity.network_hash("192.0.2.1")
    ask(CAROL, network=network)
    age(only(petition), suspecting.WITHIN)
    ask("later@example.org", network=network)
    ask("again@example.org", network=network)
    found = Signature.objects.order_by("pk").values_list("suspicion", flat=True)
    assert list(found) == ["", "", "network"]


def statements_of(call):
    with CaptureQueriesContext(connection) as asked:
        assert call() is True
    words = [query["sql"].partition("(")[0].split() for query in asked.captured_queries]
    return [each[0] if "SAVEPOINT" in each else " ".join(each[:3]) for each in words]


def test_known_and_unknown_addresses_cost_the_same(petition, sign, ask, confirm):
    """The same statements in the same order: neither words nor time tell what is known of an address."""
    member, stranger, gone = (person(f"{name}@example.org", name) for name in ("member", "stranger", "gone"))
    sign(member)
    sign(gone)
    withdrawing.withdraw(signature=Signature.objects.get(user=gone))
    ask("held@example.org", suspicion="haste")
    confirm(Signature.objects.get(email="held@example.org"))
    ask("pending@example.org")
    ask("removed@example.org")
    confirm(Signature.objects.get(email="removed@example.org"))
    moderating.remove(signature=Signature.objects.get(email="removed@example.org"))
    names = ["nobody", stranger.name, member.name, gone.name, "held", "pending", "removed"]
    traces = {name: statements_of(lambda name=name: ask(f"{name}@example.org")) for name in names}
    assert {tuple(trace) for trace in traces.values()} == {tuple(traces["nobody"])}
    assert traces["nobody"] == [
        "SAVEPOINT",
        "SELECT set_config",
        "EXECUTE ask",
        "EXECUTE post",
        "EXECUTE count_mail",
        "RELEASE",
    ]


def test_a_mailbox_that_signs_at_this_very_moment_is_told_so(petition, carol, sign, ask, monkeypatch):
    """Its row stands in the way and can't be seen yet: the next statement sees it."""
    real, calls = statements._run, []

    def blind_at_first(statement, values):
        found = real(statement, values)
        calls.append(found)
        return found if len(calls) > 1 else (found[0], None, None, *found[3:])

    sign(carol)
    monkeypatch.setattr(statements, "_run", blind_at_first)
    assert ask(carol.email) is True
    assert (len(calls), len(mails("already-signed"))) == (2, 1)


def test_the_outcome_of_a_confirmed_request_is_signed(petition, ask, confirm):
    ask(CAROL)
    assert confirm(only(petition)) == Outcome.SIGNED
