"""Titles’ words are learnt, and entries learn about how many have signed; some at a time, so that nobody waits long."""

from django.db import migrations

from lib.portions import in_portions

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
    for statement in (WORDS, ENTRIES):
        in_portions(schema_editor.connection, statement)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0018_searches_are_quick")]
    operations = [migrations.RunPython(describe, migrations.RunPython.noop)]
