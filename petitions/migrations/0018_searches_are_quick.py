"""What searches of a large site look at: the words of titles, and in each entry about how many have signed.

A word that was mistyped is compared with words and not with thousands of titles; the most signed of many matches are
known without a look at their tallies. The database itself keeps both, so no writer of entries can forget it, nor an
older process. A word stays when no title has it any more: it finds nothing then.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

# As migration 0016 has it, and the signatures.
DESCRIBE = """
CREATE OR REPLACE FUNCTION hundred_describe_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT p.state, p.topic_id, coalesce(t.signatures, 0) INTO NEW.state, NEW.topic_id, NEW.signatures
    FROM petitions_petition p LEFT JOIN petitions_tally t ON t.petition_id = p.id WHERE p.id = NEW.petition_id;
  NEW.padding := repeat(' ', 2100);
  RETURN NEW;
END $$;
ALTER TABLE petitions_searchentry SET (fillfactor = 90);
"""
DESCRIBE_LESS = """
ALTER TABLE petitions_searchentry RESET (fillfactor);
CREATE OR REPLACE FUNCTION hundred_describe_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT state, topic_id INTO NEW.state, NEW.topic_id FROM petitions_petition WHERE id = NEW.petition_id;
  NEW.padding := repeat(' ', 2100);
  RETURN NEW;
END $$;
"""
# In the order of the words, so that two that write the same new ones wait for each other and never in a ring.
FUNCTIONS = """
CREATE FUNCTION hundred_title_words(title text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT tsvector_to_array(to_tsvector('pg_catalog.simple', title)) $$;
CREATE FUNCTION hundred_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO petitions_titleword (word)
  SELECT DISTINCT word FROM written, unnest(hundred_title_words(title)) word ORDER BY word
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER words_learnt_of_new AFTER INSERT ON petitions_searchentry
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION hundred_learn_words();
CREATE TRIGGER words_learnt_of_changed AFTER UPDATE ON petitions_searchentry
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION hundred_learn_words();
"""
UNDO = """
DROP TRIGGER words_learnt_of_changed ON petitions_searchentry;
DROP TRIGGER words_learnt_of_new ON petitions_searchentry;
DROP FUNCTION hundred_learn_words();
DROP FUNCTION hundred_title_words(text);
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0017_large_lists_are_quick")]
    operations = [
        migrations.CreateModel(
            "TitleWord",
            fields=[("word", models.TextField(primary_key=True, serialize=False))],
            options={
                "indexes": [
                    GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="title_words_alike"),
                ]
            },
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.AddField(
            "searchentry", "signatures", models.PositiveIntegerField(db_default=0, editable=False)
        ),
        migrations.RunSQL(DESCRIBE, DESCRIBE_LESS),
    ]
