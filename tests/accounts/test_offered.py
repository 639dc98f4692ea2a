"""The addresses of lists in the admin ask what filters offer and no more."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.http import QueryDict

from lib.offered import OnlyOffered

LISTS = {
    f"{model._meta.app_label}.{model._meta.model_name}": shown
    for model, shown in admin.site._registry.items()
}


@pytest.fixture
def root_request(rf, admin_person):
    request = rf.get("/")
    request.user = admin_person
    return request


@pytest.mark.parametrize("name", LISTS)
def test_no_list_answers_by_columns_that_no_filter_offers(root_request, name):
    shown = LISTS[name]
    assert isinstance(shown, OnlyOffered)
    filters = shown.get_list_filter(root_request)
    offered = {each if isinstance(each, str) else each[0] for each in filters if not isinstance(each, type)}
    for field in apps.get_model(name)._meta.concrete_fields:
        if field.name not in offered:
            for lookup in ("startswith", "gte", "isnull"):
                assert not shown.lookup_allowed(f"{field.name}__{lookup}", "a", root_request)


@pytest.mark.parametrize("name", [name for name, shown in LISTS.items() if shown.sortable_by is not None])
def test_no_list_is_ordered_by_a_column_that_does_not_offer_it(root_request, name):
    shown = LISTS[name]
    usual = shown.get_changelist_instance(root_request)
    for number, column in enumerate(usual.list_display):
        if column not in shown.sortable_by:
            root_request.GET = QueryDict(f"o=-{number}")
            asked = shown.get_changelist_instance(root_request)
            assert set(asked.queryset.query.order_by) == set(usual.queryset.query.order_by)


@pytest.mark.parametrize(
    ("page", "lookup"),
    [
        ("accounts/user", "password__startswith"),
        ("signatures/signature", "email__startswith"),
        ("signatures/signature", "user__email__startswith"),
        ("outbox/message", "context__code__startswith"),
        ("petitions/transition", "internal_note__startswith"),
        ("petitions/petition", "starter__email__startswith"),
    ],
)
def test_nobody_guesses_letter_by_letter(client_of, admin_person, settings, page, lookup):
    settings.STAFF_MFA_REQUIRED = False
    answer = client_of(admin_person).get(f"/admin/{page}/", {lookup: "a"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "accounts/user/?is_staff__exact=1&groups__id__exact=1",
        "petitions/petition/?state=submitted&waits=amber&topic__id__exact=1&imported=no&decided_by=me",
        "signatures/signature/?petition=1&state=held&suspicion=any&reason=hidden&day=2026-11-30",
        "signatures/removal/?stage__exact=done&by_hand__exact=1",
    ],
)
def test_what_filters_offer_is_answered(client_of, admin_person, settings, address):
    settings.STAFF_MFA_REQUIRED = False
    answer = client_of(admin_person).get(f"/admin/{address}")
    assert answer.status_code == 200
