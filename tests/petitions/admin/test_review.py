"""The page on which a moderator reads."""

import pytest

from petitions.models import Reason
from petitions.services import drafting, moderation
from petitions.services.drafting import Draft
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, imported, url, waiting_since


def test_it_shows_the_text_as_the_public_would_read_it(bobs, make_petition):
    petition = make_petition(
        State.SUBMITTED, body="## Why\n\nThe lamps go **off** at ten.", ask="Leave them on."
    )
    page = bobs.get(url("review", petition)).content.decode()
    for part in (
        petition.title,
        "<h2>Why</h2>",
        "<strong>off</strong>",
        "Leave them on.",
        "Parks Department",
    ):
        assert part in page


def test_it_shows_who_and_about_what(bobs, make_petition):
    petition = make_petition(State.SUBMITTED, first_goal=250)
    page = bobs.get(url("review", petition)).content.decode()
    for part in ("Alice Miller", "Parks and places", "250", "version 1", "state-submitted"):
        assert part in page
    assert "alice@example.org" not in page


def test_it_shows_the_record_with_reasons_and_notes(bobs, make_petition, bob, reason):
    petition = make_petition(State.SUBMITTED)
    moderation.request_changes(
        petition=petition,
        verdict=verdict(
            petition,
            bob,
            reasons=[reason],
            note_to_starter="Say who decides.",
            internal_note="Looks like an old one.",
        ),
    )
    page = bobs.get(url("review", petition)).content.decode()
    for part in (reason.title, "Say who decides.", "Looks like an old one.", "by Bob Moderator"):
        assert part in page


def test_it_marks_reasons_that_hide_the_text(bobs, make_petition):
    page = bobs.get(url("review", make_petition(State.SUBMITTED))).content.decode()
    assert page.count("hides the text</span>") == Reason.objects.in_use().filter(hides=True).count()


def test_it_offers_no_retired_reason(bobs, make_petition, reason):
    type(reason).objects.filter(pk=reason.pk).update(active=False)
    assert reason.title not in bobs.get(url("review", make_petition(State.SUBMITTED))).content.decode()


def test_it_shows_where_an_imported_one_comes_from(bobs):
    petition = imported(state=State.SUBMITTED)
    page = bobs.get(url("review", petition)).content.decode()
    for part in ("Where it comes from", petition.seed.source, "no account"):
        assert part in page


def test_it_lists_the_starters_other_petitions_but_no_drafts(bobs, make_petition):
    petition = make_petition(State.SUBMITTED)
    make_petition(State.REJECTED, title="An earlier try")
    make_petition(State.DRAFT, title="A secret draft")
    page = bobs.get(url("review", petition)).content.decode()
    assert "An earlier try" in page
    assert "A secret draft" not in page


def test_it_does_not_show_what_the_starter_is_still_writing(bobs, make_petition):
    petition = make_petition(State.CHANGES_REQUESTED)
    drafting.revise(petition=petition, draft=Draft(title="Half a sen", body="Not yet for your eyes"))
    page = bobs.get(url("review", petition)).content.decode()
    assert "Not yet for your eyes" not in page
    assert "Night-shift workers" in page
    assert "the starter is writing a new one" in page


def test_it_tells_moderators_that_their_own_is_for_another(bobs, bob, make_petition):
    page = bobs.get(url("review", make_petition(State.SUBMITTED, starter=bob))).content.decode()
    assert "another moderator has to decide" in page
    assert '<form method="post" action="/admin/petitions' not in page


def test_it_says_why_an_article_without_an_ask_cannot_be_approved(bobs, article):
    page = bobs.get(url("review", article)).content.decode()
    assert "does not say what it asks for" in page
    assert 'value="approve"' not in page
    assert 'value="Reject"' in page


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, make_petition, role):
    page = client_as(role).get(url("review", make_petition(State.SUBMITTED)))
    assert page.status_code in {302, 403}
    assert b"Night-shift" not in page.content


def test_it_does_not_show_drafts_to_moderators(bobs, make_petition):
    assert bobs.get(url("review", make_petition(State.DRAFT))).status_code == 404


@pytest.mark.parametrize("state", list(State))
def test_it_opens_in_every_state_and_changes_nothing(ruths, make_petition, state):
    petition = make_petition(state)
    before = (fresh(petition).state, petition.transitions.count())
    assert ruths.get(url("review", petition)).status_code == 200
    assert (fresh(petition).state, petition.transitions.count()) == before


@pytest.mark.parametrize("verb", ["decide", "hand-over"])
def test_what_changes_something_is_never_got(ruths, make_petition, verb):
    assert ruths.get(url(verb, make_petition(State.SUBMITTED))).status_code == 405


def test_it_escapes_what_people_typed(bobs, make_petition, bob, reason):
    bad = "<script>alert(1)</script>"
    petition = make_petition(
        State.SUBMITTED, title=bad, body=bad, ask=bad, decision_maker=bad, starter_name=bad
    )
    moderation.reject(
        petition=petition,
        verdict=verdict(petition, bob, reasons=[reason], note_to_starter=bad, internal_note=bad),
    )
    page = bobs.get(url("review", petition)).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 7


def test_it_shows_the_moderators_own_time(bobs, bob, make_petition):
    type(bob).objects.filter(pk=bob.pk).update(time_zone="Asia/Kolkata")
    petition = make_petition(State.SUBMITTED)
    assert "+05:30" in bobs.get(url("review", petition)).content.decode()


def test_it_asks_as_many_queries_whatever_the_record(
    bobs, bob, make_petition, reason, django_assert_max_num_queries
):
    petition = make_petition(State.SUBMITTED)
    make_petition(State.REJECTED, title="Another")
    bobs.get(url("review", petition))
    with django_assert_max_num_queries(50) as one:
        bobs.get(url("review", petition))
    make_petition(State.REJECTED, title="Yet another")
    for _ in range(2):
        moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
        drafting.submit(petition=petition, starter=petition.starter)
    with django_assert_max_num_queries(len(one)):
        bobs.get(url("review", petition))
    assert len(one) <= 25


def test_it_can_be_seen_in_the_look_of_the_public_page(bobs, make_petition):
    page = bobs.get(url("as_public", make_petition(State.SUBMITTED, ask="Leave them on."))).content.decode()
    for part in (
        "css/site.css",
        " have signed. Let’s get to 100!",
        "Night-shift workers",
        "Back to the decision",
    ):
        assert part in page


def test_the_public_look_shows_moderators_no_more_than_the_review(bobs, client_as, make_petition):
    petition = make_petition(State.CHANGES_REQUESTED)
    drafting.revise(petition=petition, draft=Draft(title="Half a sen", body="Not yet for your eyes"))
    page = bobs.get(url("as_public", petition)).content.decode()
    assert "Half a sen" not in page
    assert "Not yet for your eyes" not in page
    assert bobs.get(url("as_public", make_petition(State.DRAFT))).status_code == 404
    assert client_as("staff").get(url("as_public", petition)).status_code == 403


def test_it_leads_to_the_signatures_and_seniors_to_removing_many(client_of, bob, sue, make_petition):
    petition = make_petition()
    bobs, sues = (client_of(who).get(url("review", petition)).content.decode() for who in (bob, sue))
    for page in (bobs, sues):
        assert f'href="/admin/signatures/signature/?petition={petition.pk}"' in page
        assert f'href="/admin/signatures/signature/export/{petition.pk}/"' in page
    assert f'href="/admin/signatures/removal/add/?petition={petition.pk}"' in sues
    assert "/admin/signatures/removal/add/" not in bobs


def test_it_leads_on_to_the_next_in_the_queue(bobs, bob, make_petition):
    own = waiting_since(make_petition(State.SUBMITTED, title="Bob’s own", starter=bob), 2)
    first, last = (waiting_since(make_petition(State.SUBMITTED, title="A"), hours) for hours in (3, 1))
    assert (
        f'href="{url("review", last)}">Next in the queue' in bobs.get(url("review", first)).content.decode()
    )
    assert url("review", own) not in bobs.get(url("review", first)).content.decode()
    assert "Next in the queue" not in bobs.get(url("review", last)).content.decode()


def test_it_leads_administrators_to_the_starters_account(bobs, ruths, make_petition, alice):
    petition, account = make_petition(State.SUBMITTED), f'href="/admin/accounts/user/{alice.pk}/change/"'
    assert account in ruths.get(url("review", petition)).content.decode()
    assert account not in bobs.get(url("review", petition)).content.decode()
