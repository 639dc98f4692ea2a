"""Search entries learn what the last migration added; lists of a large site read an index. Built beside all work."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Q

from lib.concurrently import AddIndexBesides
from petitions.expressions import GoalShare, Headings

AT_A_TIME = 1_000
ENTRIES = """
WITH batch AS (SELECT petition_id FROM petitions_searchentry WHERE petition_id > %s ORDER BY petition_id LIMIT %s),
     done AS (UPDATE petitions_searchentry e SET title = e.title FROM batch WHERE e.petition_id = batch.petition_id)
SELECT max(petition_id) FROM batch
"""


def describe_entries(apps, schema_editor):
    """Let the trigger see each entry, some at a time, so that nobody waits long for one of them."""
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while last is not None:
            cursor.execute(ENTRIES, [last, AT_A_TIME])
            last = cursor.fetchone()[0]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0016_narrow_rows")]
    operations = [
        migrations.RunPython(describe_entries, migrations.RunPython.noop),
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
