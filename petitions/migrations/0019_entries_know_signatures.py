"""Titles’ words are learnt, and entries learn about how many have signed; some at a time, so that nobody waits long."""

from django.db import migrations

AT_A_TIME = 1_000
# In the order of the words, as the trigger writes them.
WORDS = """
WITH batch AS (SELECT petition_id, title FROM petitions_searchentry WHERE petition_id > %s
                ORDER BY petition_id LIMIT %s),
     done AS (INSERT INTO petitions_titleword (word)
              SELECT DISTINCT word FROM batch, unnest(hundred_title_words(title)) word ORDER BY word
              ON CONFLICT DO NOTHING)
SELECT max(petition_id) FROM batch
"""
ENTRIES = """
WITH batch AS (SELECT petition_id FROM petitions_tally WHERE petition_id > %s AND signatures > 0
                ORDER BY petition_id LIMIT %s),
     done AS (UPDATE petitions_searchentry e SET title = e.title FROM batch WHERE e.petition_id = batch.petition_id)
SELECT max(petition_id) FROM batch
"""


def describe(apps, schema_editor):
    """Learn the words of each title, then let the trigger see each entry of a petition that somebody has signed."""
    with schema_editor.connection.cursor() as cursor:
        for statement in (WORDS, ENTRIES):
            last = 0
            while last is not None:
                cursor.execute(statement, [last, AT_A_TIME])
                last = cursor.fetchone()[0]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0018_searches_are_quick")]
    operations = [migrations.RunPython(describe, migrations.RunPython.noop)]
