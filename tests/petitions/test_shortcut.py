"""The shortcut that most tests begin with leaves what the services leave, but for their mails."""

import json

from django.apps import apps
from django.db import connection, transaction

from petitions.services import drafting, moderation
from tests import shortcut
from tests.conftest import verdict

# The services' own tests say who is told; the row that remembers a moderator's mail goes with that.
TOLD = "petitions_moderatoralert"
OWN = ("id", "at")


def test_it_writes_what_the_services_write(make_draft, alice, bob):
    def by_services(petition):
        drafting.submit(petition=petition, starter=alice)
        moderation.approve(petition=petition, verdict=verdict(petition, bob))

    petition = make_draft()
    expected = written_by(by_services, petition)
    assert written_by(lambda petition: shortcut.publish(petition, bob), petition) == expected
    assert {table for table, rows in expected.items() if rows} == {
        "petitions_petition",
        "petitions_version",
        "petitions_decisionmaker",
        "petitions_transition",
        "petitions_searchentry",
    }


def written_by(way, petition):
    """Return the rows that are new or changed if the petition is published in this way; it is not for good."""
    before = rows()
    with transaction.atomic():
        way(petition)
        after = rows()
        transaction.set_rollback(True)
    return {table: [alike(row) for row in now if row not in before[table]] for table, now in after.items()}


def rows():
    """Return all rows of the petitions' tables."""
    found = {}
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in apps.get_app_config("petitions").get_models()} - {
            TOLD
        }:
            cursor.execute(f"SELECT to_json(t)::text FROM {table} t")
            found[table] = [json.loads(row[0]) for row in cursor.fetchall()]
    return found


def alike(row):
    """Return a row without what the clock and the counter of keys give: whether that is set has to do."""
    return {
        name: value is not None if name in OWN or name.endswith("_at") else value
        for name, value in row.items()
    }
