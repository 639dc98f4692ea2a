"""What narrows the list of petitions, and what leads straight to one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from petitions.models import Edit, Objection, Transition
from petitions.services import editing, moderation, objecting
from petitions.services.drafting import draft_of
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import imported, url, waiting_since

LIST = "/admin/petitions/petition/"
WORDS = "The reason does not fit: it asks the city, not a person."


@pytest.fixture
def titles(client_of, bob):
    """Return a reader of the titles that Bob's list has at an address."""
    client = client_of(bob)

    def read(**limits):
        return {str(each) for each in client.get(LIST, limits).context["cl"].result_list}

    return read


@pytest.mark.parametrize(("waits", "found"), [("amber", {"Amber", "Overdue"}), ("overdue", {"Overdue"})])
def test_it_finds_what_waits_too_long(titles, make_petition, waits, found):
    for title, hours in (("Fresh", 2), ("Amber", 30), ("Overdue", 80)):
        waiting_since(make_petition(State.SUBMITTED, title=title), hours)
    assert titles(waits=waits) == found


def test_the_operators_settings_say_what_is_late(titles, make_petition, settings):
    settings.MODERATION_OVERDUE_HOURS = 200
    waiting_since(make_petition(State.SUBMITTED, title="Old"), 100)
    assert titles(waits="overdue") == set()
    assert titles(waits="amber") == {"Old"}


def test_it_finds_open_objections_and_edits(titles, make_petition, alice):
    rejected, published = make_petition(State.REJECTED, title="Rejected"), make_petition(title="Published")
    objecting.object_to(petition=rejected, author=alice, text=WORDS)
    draft = draft_of(published)
    editing.propose(
        petition=published, starter=alice, draft=draft.__class__(**{**vars(draft), "body": "New."})
    )
    assert titles(answer="objection") == {"Rejected"}
    assert titles(answer="edit") == {"Published"}


def test_it_finds_by_the_reason_given(titles, make_petition, reason):
    make_petition(State.REJECTED, title="Refused")
    make_petition(title="Approved")
    assert titles(reason=reason.code) == {"Refused"}
    assert titles(reason="duplicate") == set()


def test_it_finds_what_i_decided(titles, make_petition, make_draft, dora):
    make_petition(title="By Bob")
    other = make_petition(State.SUBMITTED, title="By Dora")
    moderation.approve(petition=other, verdict=verdict(other, dora))
    make_petition(State.SUBMITTED, title="By nobody")
    assert titles(decided_by="me") == {"By Bob"}


@pytest.fixture
def answered(make_petition, alice, sue, dora):
    """Petitions decided on by others, of which Sue has dismissed an objection and Dora two wordings."""
    rejected = make_petition(State.REJECTED, title="Dismissed")
    objection = objecting.object_to(petition=rejected, author=alice, text=WORDS)
    objecting.dismiss(objection=objection, senior=sue, note="It stands.")
    for title, decide in (("Accepted", editing.accept), ("Declined", editing.decline)):
        petition = make_petition(title="Old words" if title == "Accepted" else title)
        draft = replace(draft_of(petition), title=title, body="New words.")
        decide(
            edit=editing.propose(petition=petition, starter=alice, draft=draft), moderator=dora, note="So."
        )


@pytest.mark.usefixtures("answered")
def test_decisions_on_answers_are_decisions(client_of, sue, dora, reason):
    def found(person, **limits):
        return {str(each) for each in client_of(person).get(LIST, limits).context["cl"].result_list}

    today, day = datetime.now(UTC).date(), timedelta(days=2)
    assert found(sue, decided_by="me") == {"Dismissed"}
    assert found(dora, decided_by="me") == {"Accepted", "Declined"}
    assert found(dora, decided_by="me", decided_from=str(today - day)) == {"Accepted", "Declined"}
    assert found(dora, decided_by="me", decided_to=str(today - day)) == set()
    assert found(sue, decided_by="me", reason=reason.code) == set()


@pytest.mark.usefixtures("answered")
def test_it_says_when_an_answer_was_decided_on(client_of, sue, dora):
    for person, times in (
        (sue, set(Objection.objects.values_list("decided_at", flat=True))),
        (dora, set(Edit.objects.values_list("decided_at", flat=True))),
    ):
        listed = client_of(person).get(LIST, {"decided_by": "me"}).context["cl"].result_list
        assert {each.decided_at for each in listed} == times


def test_sending_a_petition_in_is_no_decision(client_of, make_petition, bob):
    make_petition(State.SUBMITTED, starter=bob, title="Bob’s own")
    assert not client_of(bob).get(LIST, {"decided_by": "me"}).context["cl"].result_list


def test_days_are_those_of_the_readers_clock(titles, make_petition, bob):
    bob.time_zone = "Pacific/Auckland"
    bob.save()
    petition = make_petition(title="Decided")
    move = petition.transitions.get(target=State.PUBLISHED)
    late = datetime(2026, 3, 1, 23, tzinfo=UTC)  # the second of March in Auckland
    Transition.objects.bulk_create(
        [
            Transition(
                petition=petition,
                version=move.version,
                actor=bob,
                at=late,
                source=State.REMOVED,
                target=State.CLOSED,
            )
        ]
    )
    assert titles(decided_from="2026-03-02", decided_to="2026-03-02") == {"Decided"}
    assert titles(decided_from="2026-03-01", decided_to="2026-03-01") == set()


def test_one_decision_has_to_fit_all_that_is_asked(titles, make_petition, reason):
    make_petition(State.REJECTED, title="Refused today")
    today, day = datetime.now(UTC).date(), timedelta(days=2)
    assert titles(reason=reason.code, decided_by="me", decided_from=str(today - day)) == {"Refused today"}
    assert titles(reason=reason.code, decided_by="me", decided_to=str(today - day)) == set()


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31", "0001-01-01", "\x00"])
def test_it_takes_any_day(titles, make_petition, day):
    make_petition()
    titles(decided_to=day)
    titles(decided_from=day)


def test_it_says_when_it_was_decided(client_of, bob, make_petition):
    make_petition()
    page = client_of(bob).get(LIST, {"decided_by": "me"}).content.decode()
    assert "field-decided" in page
    assert "field-decided" not in client_of(bob).get(LIST).content.decode()


def test_it_finds_imported_ones_without_an_ask(titles, article):
    imported(title="From a file")
    assert titles(imported="needs-ask") == {article.title}


@pytest.mark.parametrize("words", ["RIVER", "iver pat", "ríver", "lit river", "alice", "mill"])
@pytest.mark.parametrize("state", [State.SUBMITTED, State.CHANGES_REQUESTED, State.REMOVED, State.PUBLISHED])
def test_it_finds_by_parts_of_words_in_every_state(titles, make_petition, words, state):
    make_petition(state, title="Keep the river path lit")
    imported(title="From a file")
    assert titles(q=words) == {"Keep the river path lit"}


@pytest.mark.parametrize("words", ["%", "_", "100 %", "\\", "'", "🙂", "-", '"', "rivers and lakes"])
def test_it_takes_any_words(titles, make_petition, words):
    make_petition(title="Keep the river path lit")
    assert titles(q=words) == set()


def test_it_finds_words_of_a_public_text(titles, make_petition):
    make_petition(title="A title", body="The lighthouse keepers have gone.")
    make_petition(State.SUBMITTED, title="Waits", body="The lighthouse keepers have gone.")
    assert titles(q="lighthouses") == {"A title"}


def test_a_number_or_an_address_leads_straight_there(client_of, bob, make_petition):
    petition, client = make_petition(State.SUBMITTED), client_of(bob)
    there = url("review", petition)
    public = f"https://petitions.example{petition.get_absolute_url()}"
    for typed in (
        *(str(petition.pk), f"#{petition.pk}", f" {petition.slug} ", public, f"{public}?page=2"),
        *(f"https://petitions.example{there}", f"/admin/petitions/petition/{petition.pk}/change/"),
    ):
        assert client.get(LIST, {"q": typed}).headers.get("Location") == there, typed


@pytest.mark.parametrize(
    "typed", ["999999999999", "99999999999999999999", "nothing-9999999", "/petitions/%00/"]
)
def test_what_leads_nowhere_is_searched_for(client_of, bob, make_petition, typed):
    make_petition()
    page = client_of(bob).get(LIST, {"q": typed})
    assert page.status_code == 200
    assert not page.context["cl"].result_list


def test_a_draft_is_not_found_by_its_number(bobs, ruths, make_petition):
    draft = make_petition(State.DRAFT)
    assert bobs.get(LIST, {"q": str(draft.pk)}).status_code == 200
    assert ruths.get(LIST, {"q": str(draft.pk)}).status_code == 302


def test_it_finds_what_one_starter_has_sent_in(bobs, titles, make_petition, carol):
    alice = make_petition(title="Alice’s").starter
    make_petition(State.DRAFT, title="Alice’s draft")
    make_petition(starter=carol, title="Carol’s")
    assert titles(starter=alice.pk) == {"Alice’s"}
    page = bobs.get(LIST, {"starter": alice.pk, "state": "published"}).content.decode()
    assert "Alice Miller" in page
    assert f'export/?starter={alice.pk}&amp;state=published"' in page


@pytest.mark.parametrize("typed", ["x", "0", "-1", "²", "9" * 40, "1 OR 1", "\x00"])
def test_nobody_has_started_what_no_number_names(titles, make_petition, typed):
    make_petition()
    assert titles(starter=typed) == set()


def test_it_names_nobody_whose_petitions_are_not_to_be_seen(bobs, make_petition, carol):
    make_petition(State.DRAFT, starter=carol)
    page = bobs.get(LIST, {"starter": carol.pk}).content.decode()
    assert "Carol" not in page
