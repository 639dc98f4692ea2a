"""A full desk: it keeps its promises, and no page asks more of the database for more rows."""

from django.core.management import call_command

from bench import desk
from bench.populate import Wanted, populate
from petitions.models import Edit, Objection, Petition
from petitions.states import State
from signatures.models import Signature
from signatures.models import State as SignatureState


def test_a_larger_site_keeps_its_promises_and_no_page_asks_more_queries(db, settings):
    """One site for both: making it takes longer than asking it."""
    settings.STAFF_MFA_REQUIRED = False
    populate(Wanted(petitions=1_300, signatures=300))
    desk.mix()
    _check_that_there_is_everything()
    call_command("audit_invariants", verbosity=0)
    client, pages = desk.as_reader(), desk.addresses()
    # What a process learns once of its models, it learns without filters.
    for address in (address for address in pages.values() if "?" not in address):
        client.get(address, secure=True)
    few = {page: desk.queries_of(client, address) for page, address in pages.items()}
    populate(Wanted(petitions=1_000, signatures=2_000, seed=2))
    many = {page: desk.queries_of(client, address) for page, address in pages.items()}
    assert many == few


def _check_that_there_is_everything():
    states = set(Petition.objects.values_list("state", flat=True))
    assert states >= {*State} - {State.DRAFT, State.VICTORY}
    signed = {*Signature.objects.values_list("state", flat=True)}
    assert signed >= {*SignatureState} - {SignatureState.WITHDRAWN}
    assert Objection.objects.waiting().exists()
    assert Edit.objects.waiting().exists()


def test_the_table_has_both_sites():
    small, large = desk.Cost(6, 20.4, 31), desk.Cost(6, 21.6, 30)
    lines = list(desk.table({".": large}, {".": small}))
    assert lines[-1] == "| `.` | 6 / 6 | 20 / 22 | 31 / 30 |"
