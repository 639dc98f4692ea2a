"""Tallies learn their topics, and get the index by which a topic's most signed are found. Beside all work."""

from django.db import migrations, models
from django.db.models import F

from lib.concurrently import AddIndexBesides
from lib.portions import in_portions

# Whoever changes a topic at this moment comes first or after: a tally never gets the topic that was before.
TOPICS = """
WITH batch AS MATERIALIZED (
       SELECT t.petition_id, p.topic_id FROM petitions_tally t JOIN petitions_petition p ON p.id = t.petition_id
        WHERE t.petition_id > %s ORDER BY t.petition_id LIMIT %s FOR SHARE OF p),
     done AS (UPDATE petitions_tally t SET topic_id = batch.topic_id FROM batch
               WHERE t.petition_id = batch.petition_id AND t.topic_id IS DISTINCT FROM batch.topic_id)
SELECT max(petition_id) FROM batch
"""


def learn_topics(apps, schema_editor):
    """Fill in the topics, some at a time, so that nobody waits long for a tally."""
    in_portions(schema_editor.connection, TOPICS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "0021_tallies_know_topics")]
    operations = [
        migrations.RunPython(learn_topics, migrations.RunPython.noop),
        AddIndexBesides(
            "tally",
            models.Index("topic", F("signatures").desc(), F("petition").desc(), name="tally_by_topic"),
        ),
    ]
