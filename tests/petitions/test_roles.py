"""The groups that the migrations make: each has what the one before has, and what is its own."""

from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import ProtectedError

from petitions.models import Petition, Reason
from petitions.states import State
from tests.conftest import staff

NAMES = ["Moderators", "Senior moderators", "Administrators"]
RECORD = ["petition", "version", "transition", "transitionreason", "objection", "edit", "note", "opening"]


def codes(name: str) -> set[str]:
    given = Permission.objects.filter(group__name=name).select_related("content_type")
    return {f"{each.content_type.app_label}.{each.codename}" for each in given}


def test_each_role_has_all_of_the_one_before(db):
    for lesser, greater in pairwise(NAMES):
        assert codes(lesser) < codes(greater)


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("petitions.moderate_petition", "Moderators"),
        ("petitions.view_objection", "Moderators"),
        ("petitions.uphold_objection", "Senior moderators"),
        ("petitions.change_reason", "Senior moderators"),
        ("petitions.delete_reason", "Senior moderators"),
        ("petitions.change_petition", "Administrators"),
        ("petitions.change_topic", "Administrators"),
        ("petitions.view_decisionmaker", "Moderators"),
        ("petitions.add_decisionmaker", "Administrators"),
        ("petitions.change_decisionmaker", "Administrators"),
        ("accounts.change_user", "Administrators"),
        ("auth.change_group", "Administrators"),
    ],
)
def test_a_right_begins_with_a_role(db, code, first):
    assert [name for name in NAMES if code in codes(name)] == NAMES[NAMES.index(first) :]


@pytest.mark.parametrize("name", NAMES)
def test_no_role_writes_the_record_or_deletes_people(db, name):
    written = {f"petitions.{verb}_{model}" for model in RECORD for verb in ("add", "change", "delete")}
    assert codes(name) & written <= {"petitions.change_petition"}
    assert codes(name).isdisjoint({"accounts.delete_user", "petitions.delete_petition"})
    assert codes(name).isdisjoint({f"admin.{verb}_logentry" for verb in ("add", "change", "delete")})


def test_administrators_see_every_page_of_the_admin(db):
    models = [
        model for label in ("petitions", "accounts") for model in apps.get_app_config(label).get_models()
    ]
    seen = codes("Administrators")
    unseen = {
        "opening",
        "moderatoralert",
        "tally",
        "delta",
        "searchentry",
        "titleword",
        "transitionreason",
        "savedview",
    }
    for model in models:
        if model._meta.model_name not in unseen:
            assert f"{model._meta.app_label}.view_{model._meta.model_name}" in seen


@pytest.mark.parametrize(("name", "sees", "misses"), [
    ("Moderators", {"Petition", "Reason"}, {"User", "Group"}),
    ("Senior moderators", {"Petition", "Reason"}, {"User", "Group"}),
    ("Administrators", {"Petition", "Reason", "Topic", "User", "Group"}, set()),
])  # fmt: skip
def test_the_admin_shows_what_a_role_may_see(db, client_of, name, sees, misses):
    page = client_of(staff("ann@example.org", "Ann", name)).get("/admin/")
    shown = {model["object_name"] for app in page.context["app_list"] for model in app["models"]}
    assert sees <= shown
    assert shown.isdisjoint(misses)


def test_a_petition_with_a_record_is_not_deleted(make_petition):
    for state in set(State) - {State.DRAFT}:
        with pytest.raises(ProtectedError):
            make_petition(state).delete()


def test_who_is_in_the_record_is_not_deleted(make_petition, bob, alice):
    make_petition(State.REJECTED)
    for somebody in (bob, alice):
        with pytest.raises(ProtectedError):
            somebody.delete()


def test_a_reason_that_was_given_is_not_deleted(make_petition, reason):
    make_petition(State.REJECTED)
    with pytest.raises(ProtectedError):
        reason.delete()


def test_nobody_deletes_a_person_in_the_admin(admin_person, bob, client_of):
    assert client_of(admin_person).get(f"/admin/accounts/user/{bob.pk}/delete/").status_code == 403


@pytest.mark.parametrize("name", ["Moderators", "Administrators"])
def test_administrators_give_roles_but_not_the_highest(bob, client_of, admin_person, name):
    ann = staff("ann@example.org", "Ann", name)
    client, group = client_of(ann), Group.objects.get(name="Senior moderators")
    values = {"name": "Bob", "language": "en", "time_zone": "UTC", "is_active": "on", "is_staff": "on"}
    client.post(
        f"/admin/accounts/user/{bob.pk}/change/", {**values, "groups": [group.pk], "is_superuser": "on"}
    )
    bob.refresh_from_db()
    assert bob.groups.filter(pk=group.pk).exists() is (name == "Administrators")
    assert not bob.is_superuser
    page = client.post(f"/admin/accounts/user/{admin_person.pk}/change/", {"name": "Taken over"})
    assert page.status_code == 403


def test_nobody_corrects_their_own_petition(make_petition, client_of):
    ann = staff("ann@example.org", "Ann", "Administrators")
    own, other = make_petition(starter=ann), make_petition()
    client, words = client_of(ann), {"topic": other.topic_id, "decision_maker": ""}
    assert client.post(f"/admin/petitions/petition/{own.pk}/change/", words).status_code == 403
    assert client.post(f"/admin/petitions/petition/{other.pk}/change/", words).status_code == 200


def test_the_first_set_covers_what_petition_sites_refuse(db):
    hidden = set(Reason.objects.filter(hides=True).values_list("code", flat=True))
    shown = set(Reason.objects.filter(hides=False).values_list("code", flat=True))
    assert {"duplicate", "no-clear-ask", "wrong-addressee", "court-case", "advertisement"} <= shown
    assert {"personal-data", "insult-or-hate", "violence", "unlawful", "false-identity"} <= hidden
    assert Petition.objects.count() == 0
