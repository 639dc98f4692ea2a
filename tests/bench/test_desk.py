"""A full desk: it keeps its promises, and no page asks more of the database for more rows."""

import pytest
from django.core.management import call_command

from bench import desk
from bench.populate import Wanted, populate
from petitions.models import Edit, Objection, Petition
from petitions.states import State
from signatures.models import Signature
from signatures.models import State as SignatureState


@pytest.fixture
def full(db, settings):
    settings.STAFF_MFA_REQUIRED = False
    populate(Wanted(petitions=1_300, signatures=300))
    desk.mix()


def test_there_is_everything_and_the_audit_has_nothing_to_say(full):
    states = set(Petition.objects.values_list("state", flat=True))
    assert states >= {*State} - {State.DRAFT, State.VICTORY}
    assert {*Signature.objects.values_list("state", flat=True)} >= {*SignatureState} - {
        SignatureState.WITHDRAWN
    }
    assert Objection.objects.waiting().exists()
    assert Edit.objects.waiting().exists()
    call_command("audit_invariants", verbosity=0)


def test_each_page_asks_as_many_queries_on_a_larger_site(full):
    client, pages = desk.as_reader(), desk.addresses()
    for address in pages.values():
        client.get(address, secure=True)
    few = {page: desk.queries_of(client, address) for page, address in pages.items()}
    populate(Wanted(petitions=1_000, signatures=2_000, seed=2))
    many = {page: desk.queries_of(client, address) for page, address in pages.items()}
    assert many == few


def test_the_table_has_both_sites():
    small, large = desk.Cost(6, 20.4, 31), desk.Cost(6, 21.6, 30)
    lines = list(desk.table({".": large}, {".": small}))
    assert lines[-1] == "| `.` | 6 / 6 | 20 / 22 | 31 / 30 |"
