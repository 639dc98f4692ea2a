"""What administrators put right: topic, decision maker, last day; never the state, never the words."""

from datetime import timedelta

import pytest

from lib import clock
from petitions.models import DecisionMaker, Petition, SearchEntry, Topic
from petitions.services import closing, correcting
from petitions.services.moves import locked
from petitions.states import State
from tests.petitions.admin.conftest import fresh, url
from tests.petitions.filling import soup_of


def change(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/change/"


def form_for(petition: Petition, **changes: object) -> dict[str, object]:
    shown = {"topic": petition.topic_id, "decision_maker": petition.version.decision_maker_id}
    return {**shown, "closes_at": "", **changes}


def shown_to(client, petition: Petition, **changes: object) -> dict[str, object]:
    """Return what the form would post as it is shown now."""
    page = soup_of(client.get(change(petition)))
    return form_for(petition, basis=page.select_one("[name=basis]")["value"], **changes)


def in_a_month() -> str:
    return f"{(clock.now() + timedelta(days=30)).date()}T18:00"


def test_it_sets_the_topic_and_the_last_day(ruths, make_petition):
    petition = make_petition()
    topic, day = Topic.objects.get(slug="streets"), (clock.now() + timedelta(days=30)).date()
    ruths.post(change(petition), form_for(petition, topic=topic.pk, closes_at=f"{day}T18:00"))
    after = fresh(petition)
    assert (after.topic, after.closes_at.date(), after.closes_at.hour) == (topic, day, 18)
    assert (after.state, after.version) == (petition.state, petition.version)


def test_the_last_day_is_in_the_administrators_own_time(ruths, admin_person, make_petition):
    type(admin_person).objects.filter(pk=admin_person.pk).update(time_zone="Asia/Kolkata")
    petition, day = make_petition(), (clock.now() + timedelta(days=30)).date()
    ruths.post(change(petition), form_for(petition, closes_at=f"{day}T18:00"))
    assert fresh(petition).closes_at.strftime("%H:%M") == "12:30"
    assert f'value="{day}T18:00:00"' in ruths.get(change(petition)).content.decode()


def test_another_decision_maker_makes_a_version(ruths, admin_person, make_petition):
    petition = make_petition()
    other = DecisionMaker.objects.create(name="The water board", listed=True)
    ruths.post(change(petition), form_for(petition, decision_maker=other.pk))
    after = fresh(petition)
    assert (after.version.number, after.version.decision_maker, after.version.author) == (
        2,
        other,
        admin_person,
    )
    assert (after.version.body_html, after.version.title) == (
        petition.version.body_html,
        petition.version.title,
    )
    assert after.version.frozen_at is not None
    assert petition.versions.get(number=1).decision_maker.name == "Parks Department"
    assert "water" in SearchEntry.objects.get(petition=petition).vector


def test_a_corrected_text_is_read_before_it_is_approved(ruths, bobs, make_petition, form_of):
    petition = make_petition(State.SUBMITTED)
    form = form_of(petition, "approve")
    other = DecisionMaker.objects.create(name="The water board", listed=True)
    ruths.post(change(petition), form_for(petition, decision_maker=other.pk))
    assert bobs.post(url("decide", petition), form).status_code == 409
    assert fresh(petition).state == State.SUBMITTED


def test_it_never_sets_a_state(ruths, make_petition):
    petition = make_petition(State.SUBMITTED)
    ruths.post(change(petition), form_for(petition, state="published", starter_name="Mallory", first_goal=1))
    after = fresh(petition)
    assert (after.state, after.starter_name, after.first_goal) == (State.SUBMITTED, "Alice Miller", 100)


def test_it_does_not_overwrite_what_happened_meanwhile(ruths, make_petition, admin_person):
    petition = make_petition()
    form = form_for(petition, topic=Topic.objects.get(slug="streets").pk)
    Petition.objects.filter(pk=petition.pk).update(state=State.CLOSED, closed_at=clock.now())
    ruths.post(change(petition), form)
    assert (fresh(petition).state, fresh(petition).topic.slug) == (State.CLOSED, "streets")


def test_it_refuses_a_last_day_that_is_over(ruths, make_petition):
    petition = make_petition()
    page = ruths.post(change(petition), form_for(petition, closes_at="2020-01-01T12:00"))
    assert "Choose a time to come." in page.content.decode()
    assert fresh(petition).closes_at is None


@pytest.mark.parametrize("state", [State.CLOSED, State.VICTORY, State.REMOVED, State.REJECTED])
def test_it_leaves_the_period_of_an_ended_one_alone(ruths, make_petition, state):
    petition = make_petition(state)
    day = (clock.now() + timedelta(days=30)).date()
    assert b'name="closes_at"' not in ruths.get(change(petition)).content
    ruths.post(change(petition), form_for(petition, closes_at=f"{day}T18:00"))
    assert fresh(petition).closes_at is None


def test_it_sends_moderators_to_the_review(bobs, make_petition):
    petition = make_petition()
    assert bobs.get(change(petition))["Location"] == url("review", petition)
    bobs.post(change(petition), form_for(petition, topic=Topic.objects.get(slug="streets").pk))
    assert fresh(petition).topic.slug == "parks"


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, make_petition, role):
    petition = make_petition(title="Keep the river path lit")
    answer = client_as(role).post(
        change(petition), form_for(petition, topic=Topic.objects.get(slug="streets").pk)
    )
    assert answer.status_code in {302, 403}
    assert fresh(petition).topic.slug == "parks"


def test_it_leaves_a_line_in_the_history(ruths, make_petition):
    petition = make_petition()
    ruths.post(change(petition), form_for(petition, topic=Topic.objects.get(slug="streets").pk))
    assert "Changed Topic" in ruths.get(f"/admin/petitions/petition/{petition.pk}/history/").content.decode()


def test_it_escapes_what_people_typed(ruths, make_petition):
    bad = "<script>alert(1)</script>"
    petition = make_petition(title=bad, decision_maker=bad, starter_name=bad)
    for page in (
        change(petition),
        f"/admin/petitions/petition/{petition.pk}/history/",
        "/admin/petitions/decisionmaker/",
    ):
        assert "<script>alert" not in ruths.get(page).content.decode()


def test_the_review_says_who_has_corrected_what(ruths, bobs, make_petition):
    petition = make_petition()
    other = DecisionMaker.objects.create(name="The water board", listed=True)
    form = form_for(petition, decision_maker=other.pk, topic=Topic.objects.get(slug="streets").pk)
    ruths.post(change(petition), form)
    page = soup_of(bobs.get(url("review", petition)))
    told = page.select_one("[aria-labelledby=record] li").get_text(" ", strip=True)
    for part in (
        "Topic: ",
        "→ Streets",
        "Decision maker: Parks Department → The water board",
        "by Ruth Admin",
    ):
        assert part in told
    ruths.post(change(petition), form)
    assert len(soup_of(bobs.get(url("review", petition))).select("[aria-labelledby=record] ol > li")) == 3
    assert fresh(petition).version.number == 2


def test_a_last_day_for_what_has_ended_meanwhile_is_given_back(ruths, alice, make_petition):
    petition = make_petition()
    form = shown_to(ruths, petition, closes_at=in_a_month())
    closing.close(petition=petition, starter=alice)
    answer = ruths.post(change(petition), form)
    assert answer.status_code == 409
    for part in ("This petition has ended", "Published → Closed", form["closes_at"].replace("T", " ")):
        assert part in answer.content.decode()
    assert fresh(petition).closes_at is None
    assert "was changed successfully" not in ruths.get("/admin/").content.decode()


def test_a_last_day_for_what_ends_at_that_moment_is_given_back(ruths, alice, make_petition, monkeypatch):
    petition = make_petition()
    form = shown_to(ruths, petition, closes_at=in_a_month())

    def locked_too_late(shown: Petition) -> Petition:
        closing.close(petition=shown, starter=alice)
        return locked(shown)

    monkeypatch.setattr(correcting, "locked", locked_too_late)
    answer = ruths.post(change(petition), form)
    assert answer.status_code == 409
    assert "This petition has ended" in answer.content.decode()
    assert form["closes_at"].replace("T", " ") in answer.content.decode()


def test_one_whose_time_is_up_is_not_opened_again_before_the_clock_closes_it(ruths, make_petition):
    petition = make_petition()
    Petition.objects.filter(pk=petition.pk).update(closes_at=clock.now() - timedelta(seconds=1))
    answer = ruths.post(change(petition), shown_to(ruths, petition, closes_at=in_a_month()))
    assert answer.status_code == 409
    assert fresh(petition).closes_at < clock.now()


def test_the_second_of_two_administrators_overwrites_nothing(ruths, make_petition):
    petition = make_petition()
    topics = {each.slug: each for each in Topic.objects.all()}
    first, second = (shown_to(ruths, petition, topic=topics[slug].pk) for slug in ("streets", "health"))
    ruths.post(change(petition), first)
    answer = ruths.post(change(petition), second)
    assert answer.status_code == 409
    for part in ("nothing was overwritten", "by Ruth Admin", topics["health"].name):
        assert part in answer.content.decode()
    assert fresh(petition).topic == topics["streets"]
    ruths.post(change(petition), shown_to(ruths, petition, topic=topics["health"].pk))
    assert fresh(petition).topic == topics["health"]
