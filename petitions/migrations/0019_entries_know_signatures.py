"""Search entries learn about how many have signed; some at a time, so that nobody waits long for one of them."""

from django.db import migrations

AT_A_TIME = 1_000
ENTRIES = """
WITH batch AS (SELECT petition_id FROM petitions_tally WHERE petition_id > %s AND signatures > 0
                ORDER BY petition_id LIMIT %s),
     done AS (UPDATE petitions_searchentry e SET title = e.title FROM batch WHERE e.petition_id = batch.petition_id)
SELECT max(petition_id) FROM batch
"""


def describe_entries(apps, schema_editor):
    """Let the trigger see each entry of a petition that somebody has signed."""
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while last is not None:
            cursor.execute(ENTRIES, [last, AT_A_TIME])
            last = cursor.fetchone()[0]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0018_searches_are_quick")]
    operations = [migrations.RunPython(describe_entries, migrations.RunPython.noop)]
