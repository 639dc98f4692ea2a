"""How the database looks for one of a petition's signatures where most petitions have few so far."""

import re

import pytest
from django.db import connection

from signatures.services import statements
from tests.conftest import person

# Few sign all petitions, and each petition has one signature: by that, one petition's signatures are quickly read.
PETITIONS = 40


@pytest.fixture
def _young_site(make_petition, sign, ask, carol):
    for number in range(PETITIONS):
        starter = person(f"starter-{number}@example.org", "Eva")
        sign(carol, petition=make_petition(starter=starter, title=f"Repair the belfry {number}"))
    ask("dan@example.org", network=b"n" * 32)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ANALYZE signatures_signature")


@pytest.mark.usefixtures("_young_site")
@pytest.mark.parametrize("statement", [statements._CONFIRM, statements._ASK])
def test_it_does_not_read_all_signatures_of_a_petition_to_find_one(statement):
    plan = _kept_plan(statement)
    assert "on signatures_signature" in plan
    # By whatever index: also those that begin with the petition and go on with something else.
    assert not re.search(r"Index Cond: \(petition_id = \$\d+\)", plan)


@pytest.mark.usefixtures("_young_site")
def test_who_asked_lately_from_one_network_is_not_looked_for_among_all_who_did():
    # What the database knows of a petition is from before its busy hour.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE signatures_signature SET asked_at = asked_at - interval '1 day'")
        cursor.execute("ANALYZE signatures_signature")
    plan = _kept_plan(statements._ASK)
    assert "signature_by_network" in plan
    assert "signature_by_day" not in plan


def _kept_plan(statement):
    """Return what a connection goes by once it has asked a few times, whatever the values."""
    unknown = dict.fromkeys(re.findall(r"%\((\w+)\)s", statement._execute))
    with connection.cursor() as cursor:
        assert statement._is_planned(cursor.db)
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        # A handful of rows is as well read one by one.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement._execute}", unknown)
        return "\n".join(row[0] for row in cursor.fetchall())
