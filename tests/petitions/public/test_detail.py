"""A petition's own page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.models import DecisionMaker, Delta, Petition, Seed, Version
from petitions.services import correcting, drafting, moderation
from petitions.states import State
from tests.conftest import verdict

HIDDEN = [State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED]


def read(client, petition):
    response = client.get(petition.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_title_facts_and_text(client, make_petition):
    page = read(client, make_petition())
    assert "Keep the river path lit until midnight</h1>" in page
    assert "Parks Department" in page
    assert "Alice Miller" in page
    assert "<p>Night-shift workers walk home in the dark.</p>" in page


def test_it_says_the_sentence(client, make_petition):
    page = read(client, make_petition())
    assert '<p class="sentence" id="sentence"><strong>0</strong> have signed. Let’s get to 100!</p>' in page
    # In one piece for machines that read only the head.
    assert "0 have signed. Let’s get to 100!" in page


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "<strong>1</strong> has signed. Let’s get to 100!"),
        (100, "<strong>100</strong> have signed. Let’s get to 200!"),
    ],
)
def test_it_counts_in_words(client, make_petition, signed, count, sentence):
    assert sentence in read(client, signed(make_petition(), count))


def test_it_counts_what_is_not_rolled_up_yet(client, make_petition, signed):
    petition = signed(make_petition(), 7)
    Delta.objects.bulk_create([Delta(petition=petition, change=change) for change in (1, 1, -1, 1)])
    assert "<strong>9</strong> have signed." in read(client, petition)


def test_it_appeals_by_the_first_name(client, make_petition):
    assert "Today: Alice is counting on you." in read(client, make_petition())


def test_it_does_not_appeal_without_a_starter(client, make_petition):
    petition = make_petition()
    Petition.objects.filter(pk=petition.pk).update(starter_name="")
    assert "counting on you" not in read(client, petition)


def test_it_leads_with_the_ask(client, make_petition):
    page = read(client, make_petition(ask="Leave the lamps on until midnight."))
    assert 'dir="auto" lang="en">Leave the lamps on until midnight.</p>' in page


def test_it_says_until_when_it_is_open(client, make_petition):
    petition = make_petition()
    Petition.objects.filter(pk=petition.pk).update(closes_at="2999-09-30 18:00Z")
    assert "Open until 30 September 2999, 18:00 UTC." in read(client, petition)


def test_it_has_ended_when_its_time_is_up_even_before_the_clock_closes_it(client, make_petition, signed):
    petition = signed(make_petition(), 2)
    Petition.objects.filter(pk=petition.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    page = read(client, petition)
    assert "<strong>2</strong> people signed." in page
    assert "counting on you" not in page


def test_it_shows_a_closed_one_with_its_final_count(client, make_petition, signed):
    page = read(client, signed(make_petition(State.CLOSED), 611))
    assert "<strong>611</strong> people signed." in page
    assert "Closed by its starter on" in page
    assert "Let’s get to" not in page


def test_it_shows_a_victory(client, make_petition, signed):
    page = read(client, signed(make_petition(State.VICTORY), 1))
    assert "<strong>1</strong> person signed, and it worked." in page
    assert "Declared a victory by its starter on" in page


def test_it_keeps_the_moderator_and_the_notes_to_itself(client, make_draft, alice, bob, reason):
    petition = make_draft()
    drafting.submit(petition=petition, starter=alice)
    words = {"note_to_starter": "between us", "internal_note": "among us"}
    moderation.request_changes(petition=petition, verdict=verdict(petition, bob, reasons=[reason], **words))
    drafting.submit(petition=petition, starter=alice)
    petition.refresh_from_db()
    moderation.approve(petition=petition, verdict=verdict(petition, bob, internal_note="among us"))
    page = read(client, petition)
    assert "Approved by a moderator on" in page
    assert not any(secret in page for secret in ("Bob", "between us", "among us", reason.title))


def test_it_tells_where_an_imported_one_comes_from(client, make_petition):
    petition = make_petition()
    facts = {"source": "seeds/page.txt", "note": "Retold.", "caption": "The hall (A. B.)"}
    Seed.objects.create(key="k", petition=petition, shape="page", claimed_supporters=50, **facts)
    page = read(client, petition)
    assert "from seeds/page.txt; the figures are the source’s." in page
    assert "The source says that 50 supporters had joined." in page
    assert "Retold." in page
    assert "The hall (A. B.)" in page
    assert "<strong>0</strong> have signed." in page


def test_it_moves_an_old_or_mistyped_address(client, make_petition):
    petition = make_petition()
    for slug in (f"old-words-{petition.pk}", f"{petition.pk}", f"KEEP-{petition.pk}"):
        response = client.get(f"/petitions/{slug}/")
        assert (response.status_code, response["Location"]) == (301, petition.get_absolute_url())


@pytest.mark.parametrize(
    "slug", ["lamps", "lamps-", "lamps-0", "lamps-999999", f"lamps-{'9' * 40}", "-", "x-1e3"]
)
def test_it_finds_nothing_elsewhere(client, make_petition, slug):
    make_petition()
    assert client.get(f"/petitions/{slug}/").status_code == 404


@pytest.mark.parametrize("state", HIDDEN)
def test_it_hides_what_is_not_decided_from_everybody(readers, make_petition, state):
    petition = make_petition(state)
    for reader in readers:
        assert reader.get(petition.get_absolute_url()).status_code == 404
        assert reader.get(f"/petitions/other-{petition.pk}/").status_code == 404


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "{{ settings.SECRET_KEY }}{% include 'x' %}",
        "javascript:alert(1)",
        "</title><script>alert(1)</script>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
    ],
)
def test_it_shows_hostile_words_as_words(client, make_petition, attack):
    page = read(
        client, make_petition(title=f"T {attack}"[:150], ask=attack, body=attack, decision_maker=attack)
    )
    body = page.partition("<article")[2]
    assert "<script" not in body.partition("</article>")[0]
    assert not any(tag in page for tag in ("<img src=x", "<svg/onload", "<iframe", "</title><script>alert"))
    assert "SECRET_KEY }}" in page or "SECRET" not in attack


def test_it_shows_any_script_and_length(client, make_petition):
    title = "ضعوا إشارة ضوئية 🚸 עם תמרור"
    page = read(client, make_petition(title=title, body="Lamp. " * 1600, language="ar"))
    assert f'<h1 dir="auto" lang="ar">{title}</h1>' in page
    assert '<div class="prose" dir="auto" lang="ar">' in page
    assert page.count("Lamp.") >= 1600


def test_it_says_nothing_wrong_about_an_unlisted_language(client, make_petition):
    assert '<div class="prose" dir="auto" lang="und">' in read(client, make_petition(language="other"))


def test_it_tells_messengers_what_it_is(client, make_petition, settings):
    petition = make_petition()
    page = read(client, petition)
    address = settings.SITE_URL + petition.get_absolute_url()
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert '<meta property="og:title" content="Keep the river path lit until midnight">' in page


@pytest.mark.parametrize("number", [5, 50])
def test_it_takes_few_queries(client, crowd, django_assert_num_queries, number):
    petition = crowd(number)[0]
    # The petition, its record, the goals it has reached; who signed is asked once there is somebody.
    with django_assert_num_queries(3):
        assert client.get(petition.get_absolute_url()).status_code == 200


def test_it_shows_the_approved_words_only(client, make_petition):
    petition = make_petition()
    Version.objects.create(petition=petition, number=9, title="A later wording", body_html="<p>Later</p>")
    assert "later" not in read(client, petition).lower().replace("later work", "")


def test_a_correction_is_on_record(client, make_petition, admin_person):
    petition = make_petition()
    assert "corrected" not in read(client, petition)
    correct(petition, admin_person, decision_maker=DecisionMaker.objects.create(name="The water board"))
    page = read(client, petition)
    assert "The decision maker was corrected by an administrator on" in page
    assert "Ruth" not in page


def test_what_was_corrected_before_it_was_published_is_not(client, make_petition, admin_person, bob):
    petition = make_petition(State.SUBMITTED)
    correct(petition, admin_person, decision_maker=DecisionMaker.objects.create(name="The water board"))
    moderation.approve(petition=petition, verdict=verdict(petition, bob))
    assert "corrected" not in read(client, petition)


def test_an_imported_one_that_is_corrected_says_so(client, make_petition, admin_person):
    petition = make_petition()
    Petition.objects.filter(pk=petition.pk).update(starter=None)
    Version.objects.filter(petition=petition).update(author=None)
    assert "corrected" not in read(client, petition)
    correct(petition, admin_person, decision_maker=None)
    assert "corrected by an administrator" in read(client, petition)


def correct(petition, administrator, **correction):
    correcting.correct(petition=petition, administrator=administrator, correction=correction)
