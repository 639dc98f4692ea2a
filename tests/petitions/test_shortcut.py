"""The shortcuts that most tests begin with leave what the services leave, but for their mails."""

import json
from uuid import uuid4

from django.apps import apps
from django.db import connection, transaction

from petitions.services import drafting, moderation
from tests import shortcut
from tests.conftest import draft_by, verdict

# The services' own tests say who is told; the row that remembers a moderator's mail goes with that.
TOLD = "petitions_moderatoralert"
OWN = ("id", "at", "slug", "request_key")
WRITTEN = {
    "petitions_petition",
    "petitions_version",
    "petitions_decisionmaker",
    "petitions_transition",
    "petitions_tally",
}


def test_it_submits_as_the_services_do(alice):
    draft = draft_by(alice, ask="Let the lamps burn.", first_goal=25)
    expected = written_by(lambda: submitted_by_services(draft, alice))
    assert written_by(lambda: shortcut.submitted(draft, starter=alice)) == expected
    assert {table for table, rows in expected.items() if rows} == WRITTEN


def test_it_publishes_as_the_services_do(alice, bob):
    draft = draft_by(alice, ask="Let the lamps burn.", first_goal=25)

    def by_services():
        petition = submitted_by_services(draft, alice)
        moderation.approve(petition=petition, verdict=verdict(petition, bob))

    expected = written_by(by_services)
    assert written_by(lambda: shortcut.published(draft, starter=alice, moderator=bob)) == expected
    assert {table for table, rows in expected.items() if rows} == WRITTEN | {
        "petitions_searchentry",
        "petitions_titleword",
    }


def submitted_by_services(draft, starter):
    """Start a petition and submit it, as its starter does."""
    petition = drafting.start(starter=starter, draft=draft, request_key=uuid4())
    drafting.submit(petition=petition, starter=starter)
    return petition


def written_by(way):
    """Return the rows that a petition consists of which is published in this way; it is not for good."""
    before = rows()
    with transaction.atomic():
        way()
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
    """Return a row without what clock, dice and the counter of keys give: whether that is set has to do."""
    return {
        name: value is not None if name in OWN or name.endswith(("_at", "_id")) else value
        for name, value in row.items()
    }
