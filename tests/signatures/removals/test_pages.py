"""The pages of a removal: asked, looked at, started, followed, stopped, undone; by seniors alone."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import F

from petitions.models import Petition
from signatures.models import Removal, Signature, Stage, State
from tests.signatures import moderating
from tests.signatures.counts import shown
from tests.signatures.removals.conftest import run, work_off

LIST = "/admin/signatures/removal/"
ADD = f"{LIST}add/"
NETWORK = b"n" * 32


@pytest.fixture
def sues(sue, client_of):
    return client_of(sue)


@pytest.fixture
def typed(petition):
    """Return what Sue types."""
    return {
        "petition": petition.pk,
        "domains": "made-up.example",
        "kind": "made-up",
        "note": "All in one minute.",
    }


def act(removal, code):
    return f"{LIST}{removal.pk}/{code}/do/"


def test_it_goes_from_the_question_to_undone(sues, petition, wave, typed):
    wave(20)
    wave(2, domain="neighbours.example")
    answer = sues.post(ADD, typed)
    removal = Removal.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, removal.get_absolute_url())
    page = sues.get(removal.get_absolute_url()).content.decode()
    assert "20 signatures fit" in page
    assert "91 % of 22" in page
    assert "more than half" in page
    sues.post(act(removal, "start"))
    page = sues.get(removal.get_absolute_url()).content.decode()
    assert "0 signatures are removed; 20 were counted before." in page
    assert shown(petition) == 22
    work_off(removal)
    assert "Put 20 signatures back" in sues.get(removal.get_absolute_url()).content.decode()
    sues.post(act(removal, "undo"))
    assert work_off(removal).stage == Stage.UNDONE
    said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(said) == ["Counted", "Started", "Undoing began"]


def test_it_shows_some_of_them_without_their_addresses(sues, wave, ask):
    wave(25, name="<b>Made</b> Up")
    page = sues.get(ask().get_absolute_url()).content.decode()
    assert page.count("***@made-up.example") == 20
    assert "&lt;b&gt;Made&lt;/b&gt; Up 25" in page
    assert "<b>Made" not in page


def test_a_small_part_is_no_cause_for_warning(sues, wave, ask):
    wave(2)
    wave(9, domain="neighbours.example")
    assert "more than half" not in sues.get(ask().get_absolute_url()).content.decode()


def test_the_progress_asks_for_the_whole_page_at_the_end(sues, wave, ask):
    wave(3)
    removal = ask()
    sues.post(act(removal, "start"))
    assert "HX-Refresh" not in sues.get(f"{LIST}{removal.pk}/progress/")
    work_off(removal)
    assert sues.get(f"{LIST}{removal.pk}/progress/")["HX-Refresh"] == "true"


@pytest.mark.parametrize("code", ["start", "recount", "cancel"])
def test_a_stale_button_says_what_is_the_case(sues, wave, ask, code):
    wave(3)
    removal = run(ask())
    page = sues.post(act(removal, code), follow=True).content.decode()
    assert "This removal is “done” now, so that is no longer possible." in page
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("code", ["recount", "start", "cancel", "undo"])
def test_a_moderator_reads_and_moves_nothing(bob, client_of, ask, typed, code):
    removal, bobs = ask(), client_of(bob)
    page = bobs.get(removal.get_absolute_url())
    assert page.status_code == 200
    assert b"/do/" not in page.content
    assert bobs.post(act(removal, code)).status_code == 403
    assert [answer.status_code for answer in (bobs.get(ADD), bobs.post(ADD, typed))] == [403, 403]
    assert Removal.objects.get().stage == Stage.COUNTED


def test_reading_moves_nothing(sues, ask):
    removal = ask()
    assert sues.get(act(removal, "start")).status_code == 405
    assert sues.post(act(removal, "burn")).status_code == 404
    assert sues.post(f"{LIST}999999/start/do/").status_code == 404
    assert sues.get(f"{LIST}999999/change/", follow=True).status_code == 404


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"domains": ""}, "Say what they have in common"),
        ({"petition": "999999999"}, "There is no petition with this number."),
        ({"petition": "9" * 30}, "less than or equal"),
        ({"domains": "a..b"}, "This domain can’t be used."),
        ({"domains": " ".join(f"d{n}.example" for n in range(51))}, "at most 50 domains"),
        ({"name_pattern": "*?*"}, "This fits every name."),
        ({"asked_from": "2026-11-02T10:00", "asked_before": "2026-11-02T10:00"}, "not after the beginning"),
        ({"kind": ""}, "This field is required."),
        ({"kind": "vanity"}, "Select a valid choice"),
        ({"note": " \u202e "}, "Write down how you know."),
        ({"network": "77"}, "Select a valid choice"),
    ],
)
def test_it_says_what_is_wrong_with_a_question(sues, typed, said, told):
    page = sues.post(ADD, {**typed, **said}).content.decode()
    assert told in page
    assert not Removal.objects.exists()


def test_it_reads_domains_and_times_as_people_write_them(sues, sue, typed):
    sue.time_zone = "Europe/Berlin"
    sue.save()
    said = {"domains": "@Made-Up.Example, googlemail.com\nBÜCHER.example made-up.example"}
    sues.post(ADD, {**typed, **said, "asked_from": "2026-11-02T10:00", "asked_before": "2026-07-02T10:00"})
    assert not Removal.objects.exists()
    sues.post(ADD, {**typed, **said, "asked_from": "2026-07-02T10:00", "asked_before": "2026-11-02T10:00"})
    removal = Removal.objects.get()
    assert removal.domains == ["made-up.example", "gmail.com", "xn--bcher-kva.example"]
    assert removal.asked_from == datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert removal.asked_before == datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_it_offers_what_many_share_and_takes_it_from_a_link(sues, petition, wave, typed):
    wave(5, network=NETWORK)
    page = sues.get(ADD, {"petition": petition.pk, "network": NETWORK.hex()}).content.decode()
    assert f'<option value="{NETWORK.hex()}" selected>6e6e6e6e (5)</option>' in page
    assert f"?petition={petition.pk}&amp;domains=made-up.example#question" in page
    sues.post(ADD, {**typed, "domains": "", "network": NETWORK.hex()})
    assert bytes(Removal.objects.get().network) == NETWORK
    assert Removal.objects.get().counted == 5


@pytest.mark.parametrize("number", ["0", "x", "²", "9" * 40, "-1"])
def test_a_made_up_petition_shares_nothing(sues, number):
    assert sues.get(ADD, {"petition": number}).status_code == 200


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("made up 1*", 2),
        ("MADE UP ?", 9),
        ("*up 3", 1),
        ("made_up*", 0),
        ("made%", 0),
        ("made up", 0),
        ("\\*", 0),
    ],
)
def test_a_pattern_means_stars_and_question_marks_alone(wave, ask, pattern, fits):
    wave(10)
    assert ask(domains=(), name_pattern=pattern).counted == fits


def test_the_window_has_its_beginning_and_not_its_end(wave, ask):
    first, *_others, last = wave(4)
    at = dict(Signature.objects.values_list("pk", "asked_at"))
    Signature.objects.filter(pk=last).update(
        asked_at=F("asked_at") + (at[last] - at[last].replace(year=2020))
    )
    begin, end = Signature.objects.get(pk=first).asked_at, Signature.objects.get(pk=last).asked_at
    assert ask(domains=(), asked_from=begin, asked_before=end).counted == 3
    assert ask(domains=(), asked_from=end).counted == 1


@pytest.mark.parametrize("state", [State.PENDING, State.WITHDRAWN])
def test_what_does_not_stand_is_not_counted(wave, ask, state):
    wave(3)
    unproven = {"user": None, "confirmed_at": None} if state == State.PENDING else {}
    Signature.objects.update(state=state, **unproven)
    assert ask().counted == 0


def test_the_list_of_signatures_shows_what_one_took(sues, wave, ask):
    wave(2)
    wave(1, domain="neighbours.example")
    removal = run(ask())
    page = sues.get("/admin/signatures/signature/", {"removal": removal.pk}).content.decode()
    assert page.count("***@made-up.example") == 2
    assert "neighbours.example" not in page
    assert "***@" not in sues.get("/admin/signatures/signature/", {"removal": "x"}).content.decode()


def test_a_removed_signature_names_its_removal(sues, wave, ask):
    number = wave(1)[0]
    removal = run(ask())
    page = sues.get(f"/admin/signatures/signature/{number}/change/").content.decode()
    assert removal.get_absolute_url() in page
    assert "made-up addresses" in page


def test_the_list_asks_as_many_queries_for_one_as_for_eight(sues, ask, django_assert_max_num_queries):
    ask()
    with django_assert_max_num_queries(50) as one:
        sues.get(LIST)
    for _ in range(7):
        ask()
    with django_assert_max_num_queries(len(one)):
        assert sues.get(LIST).status_code == 200


def test_the_public_reads_how_many_and_why_and_no_names(client, petition, wave, ask):
    wave(3)
    run(ask(kind="automated"))
    moderating.remove(Signature.objects.get(pk=wave(1, domain="neighbours.example", name="Carol Singer")[0]))
    page = client.get(petition.get_absolute_url()).content.decode()
    assert "4 signatures were removed by moderators: 3 – sent by programs, 1 – made-up addresses." in page
    assert "Carol Singer" not in page


def test_the_public_reads_of_one_alone_and_of_none(client, petition, wave, ask):
    assert "removed by moderators" not in client.get(petition.get_absolute_url()).content.decode()
    wave(1)
    removal = run(ask())
    told = "1 signature was removed by moderators: made-up addresses."
    assert told in client.get(petition.get_absolute_url()).content.decode()
    moderating.undo_removal(Signature.objects.get(removal=removal))
    assert "removed by moderators" not in client.get(petition.get_absolute_url()).content.decode()


@pytest.fixture
def started_by_sue(sue, petition):
    Petition.objects.filter(pk=petition.pk).update(starter=sue)


def test_nobody_asks_for_a_removal_from_their_own_petition(sues, wave, typed, started_by_sue):
    wave(3)
    for petition in (typed["petition"], ""):
        page = sues.post(ADD, {**typed, "petition": petition}).content.decode()
        assert "that you started" in page or "You started this petition" in page
        assert "All in one minute." in page
    assert not Removal.objects.exists()


def test_of_all_petitions_they_remove_what_is_not_from_their_own(
    sues, wave, typed, make_petition, started_by_sue
):
    wave(3, petition=make_petition(title="Another"))
    sues.post(ADD, {**typed, "petition": ""})
    assert Removal.objects.get().counted == 3


@pytest.mark.parametrize("of", ["one petition", "all petitions"])
@pytest.mark.parametrize("code", ["recount", "start", "cancel", "undo"])
def test_nobody_moves_a_removal_from_their_own_petition(sues, wave, ask, code, of):
    wave(3)
    removal = ask() if of == "one petition" else ask(petition=None)
    removal = run(removal) if code == "undo" else removal
    Petition.objects.update(starter=removal.made_by)
    page = sues.get(removal.get_absolute_url()).content.decode()
    assert "another moderator has to decide" in page
    assert "/do/" not in page
    said = sues.post(act(removal, code), follow=True).content.decode()
    assert "another moderator has to decide" in said
    assert Removal.objects.get().stage == removal.stage
    assert not LogEntry.objects.exists()


def test_whoever_has_a_petition_elsewhere_moves_it(sue, sues, wave, ask, make_petition):
    wave(3)
    removal = ask(petition=None)
    make_petition(starter=sue, title="Another")
    assert "Remove 3 signatures" in sues.get(removal.get_absolute_url()).content.decode()
    sues.post(act(removal, "start"))
    assert work_off(removal).taken == 3
