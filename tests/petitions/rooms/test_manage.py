from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from petitions.models import DecisionMaker, Petition, Reason, Tally
from petitions.services import correcting, drafting, moderation
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.filling import soup_of
from tests.petitions.rooms.conftest import fresh, room
from tests.petitions.waiting import sent_before


@pytest.mark.parametrize(
    ("state", "says", "buttons"),
    [
        (State.DRAFT, "Everything is filled in", ["edit", "preview", "delete"]),
        (State.SUBMITTED, "It is the next one to be read", ["preview"]),
        (State.CHANGES_REQUESTED, "Changes asked for", ["edit", "preview"]),
        (State.REJECTED, "A moderator decided so", ["preview", "object"]),
        (State.PUBLISHED, "0 have signed. Let’s get to 100!", ["close", "propose"]),
        (State.CLOSED, "The page and the count stay", []),
        (State.VICTORY, "Victory", []),
        (State.REMOVED, "The text is not shown to anybody else", ["preview", "object"]),
    ],
)
def test_it_says_how_things_stand_and_what_can_be_done(alices, make_petition, state, says, buttons):
    petition = make_petition(state)
    page = soup_of(alices.get(room(petition)))
    assert says in page.select_one("main").text
    links = {link["href"] for link in page.select("main a.btn")} - {petition.get_absolute_url()}
    assert links == {room(petition, verb) for verb in buttons}


def test_an_unfinished_draft_says_how_much_is_missing(alices, make_draft):
    page = alices.get(room(make_draft(body="", topic=None)))
    assert "2 things are missing before it can be sent" in page.text
    assert "One thing is missing" in alices.get(room(make_draft(body=""))).text


def test_who_waits_knows_their_place(alices, make_petition):
    first, second = make_petition(State.SUBMITTED), make_petition(State.SUBMITTED)
    Petition.objects.filter(pk=second.pk).update(submitted_at=Now() - timedelta(hours=1))
    assert "It is the 2nd in the queue" in alices.get(room(first)).text
    assert "It is the next one" in alices.get(room(second)).text


@pytest.mark.parametrize(
    ("hours", "says"),
    [(0.5, "less than an hour"), (5, "about 5 hours"), (48, "about 2 days")],
)
def test_who_waits_knows_how_long_that_takes(alices, make_petition, hours, says):
    petition = make_petition(State.SUBMITTED)
    assert "Lately decisions took" not in alices.get(room(petition)).text
    sent_before(make_petition(), hours)
    assert f"Lately decisions took {says}." in soup_of(alices.get(room(petition))).select_one("main").text


def test_a_decision_comes_with_its_reasons_and_the_moderator_s_words(alices, bob, make_petition):
    petition = make_petition(State.SUBMITTED)
    moderation.request_changes(
        petition=petition,
        verdict=verdict(
            petition,
            bob,
            reasons=Reason.objects.filter(code__in=["unsupported-claim", "unreadable"]),
            note_to_starter="Who says so?\n<b>Source</b>, please.",
            internal_note="Reads like a campaign.",
        ),
    )
    page = soup_of(alices.get(room(petition)))
    notice = page.select_one("#asked-for").parent
    assert {each.text for each in notice.select("li strong")} == {
        "A claim of fact has no source.",
        "It can’t be read or understood.",
    }
    assert "Who says so?<b>Source</b>, please." in notice.text.replace("\n", "")
    assert notice.b is None
    assert "campaign" not in page.text
    assert "Bob" not in page.text


def test_the_record_tells_the_latest_first(alices, alice, bob, make_petition):
    petition = make_petition(State.CHANGES_REQUESTED)
    drafting.revise(petition=petition, draft=drafting.draft_of(fresh(petition)))
    drafting.submit(petition=petition, starter=alice)
    moderation.approve(petition=petition, verdict=verdict(petition, bob))
    rows = soup_of(alices.get(room(petition))).select("main tbody tr")
    told = [(row.select("td")[1].get_text(" ", strip=True), row.select("td")[2].text) for row in rows]
    assert told == [
        ("A moderator published it.", "2"),
        ("You sent it to the moderators.", "2"),
        ("A moderator asked for changes. It does not say what should be done.", "1"),
        ("You sent it to the moderators.", "1"),
    ]


def test_a_correction_is_told_with_its_version(alices, admin_person, make_petition):
    petition = make_petition()
    other = DecisionMaker.objects.create(name="The <water> board")
    correcting.correct(petition=petition, administrator=admin_person, correction={"decision_maker": other})
    page = alices.get(room(petition))
    row = soup_of(page).select_one("main tbody tr").select("td")
    assert (
        row[1].get_text(" ", strip=True) == "An administrator corrected the decision maker. The <water> board"
    )
    assert row[2].text == "2"
    assert "Ruth" not in page.text


def test_times_are_the_starter_s_own(alices, alice, make_petition):
    alice.time_zone = "Pacific/Kiritimati"
    alice.save()
    petition = make_petition(State.PUBLISHED)
    ends = timezone.now().replace(year=2030, month=1, day=1, hour=1, minute=30)
    Petition.objects.filter(pk=petition.pk).update(closes_at=ends)
    text = soup_of(alices.get(room(petition))).select_one("main").text
    assert "15:30" in text


def test_counts_have_plural_forms(alices, make_petition):
    petition = make_petition(State.CLOSED)
    for count, says in ((0, "0 people signed."), (1, "1 person signed."), (1_234, "1,234 people signed.")):
        Tally.objects.filter(petition=petition).update(signatures=count)
        assert says in alices.get(room(petition)).text


def test_it_takes_few_queries_however_long_the_record(alices, make_petition, django_assert_max_num_queries):
    petition = make_petition(State.CHANGES_REQUESTED)
    with django_assert_max_num_queries(9):
        alices.get(room(petition))
