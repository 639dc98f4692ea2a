"""Tallies and search entries learn what the last migration added; lists read an index. Built beside all work."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Q

from lib.concurrently import AddIndexBesides
from lib.portions import in_portions
from petitions.expressions import GoalShare, Headings

# Whoever changes a goal at this moment comes first or after: a tally never gets the goal that was before.
GOALS = """
WITH batch AS MATERIALIZED (
       SELECT t.petition_id, p.first_goal FROM petitions_tally t JOIN petitions_petition p ON p.id = t.petition_id
        WHERE t.petition_id > %s ORDER BY t.petition_id LIMIT %s FOR SHARE OF p),
     done AS (UPDATE petitions_tally t SET first_goal = batch.first_goal FROM batch
               WHERE t.petition_id = batch.petition_id AND t.first_goal <> batch.first_goal)
SELECT max(petition_id) FROM batch
"""
ENTRIES = """
WITH batch AS (SELECT petition_id FROM petitions_searchentry WHERE petition_id > %s ORDER BY petition_id LIMIT %s),
     done AS (UPDATE petitions_searchentry e SET title = e.title FROM batch WHERE e.petition_id = batch.petition_id)
SELECT max(petition_id) FROM batch
"""


def describe(apps, schema_editor):
    """Fill in the goals, then let the trigger see each entry; some at a time, so that nobody waits long for one."""
    for statement in (GOALS, ENTRIES):
        in_portions(schema_editor.connection, statement)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0016_narrow_rows")]
    operations = [
        migrations.RunPython(describe, migrations.RunPython.noop),
        AddIndexBesides(
            "searchentry", GinIndex(Headings("vector"), name="search_headings", fastupdate=False)
        ),
        AddIndexBesides(
            "tally",
            models.Index(
                GoalShare(F("signatures"), F("first_goal")).desc(),
                condition=Q(signatures__gt=0),
                name="tally_near_goal",
            ),
        ),
        AddIndexBesides(
            "petition",
            models.Index(fields=["topic", "state"], include=["closes_at"], name="petition_by_topic"),
        ),
    ]
