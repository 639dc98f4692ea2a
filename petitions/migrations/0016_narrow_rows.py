"""What lists and searches of a large site read beside the petition: its topic, its state and its first goal.

The database itself copies what the narrow tables have from the petition, so no writer can forget it, nor an older process.
"""

from django.db import migrations, models

from petitions.goals import LADDER, STEP_ABOVE
from petitions.languages import STEMMED

RUNGS = f"ARRAY[{', '.join(map(str, LADDER))}]"
QUERIES = ", ".join(
    f"websearch_to_tsquery('public.hundred_{name}', words)" for name in sorted({*STEMMED.values(), "simple"})
)
# Most languages leave most words alone: what they have in common is asked once. Being immutable, as all that it calls
# is, the query is made when a statement is planned, and not for each row.
QUERY = f"""
CREATE OR REPLACE FUNCTION hundred_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(string_agg(DISTINCT '(' || query::text || ')', ' | '), '')::tsquery
    FROM unnest(ARRAY[{QUERIES}]) query WHERE numnode(query) > 0 $$
"""
# PostgreSQL moves values out of a row only where the row exceeds 2 kB. Blanks make each one long enough, and are
# packed to next to nothing; so the vectors go, and thousands of matches are on few pages.
FUNCTIONS = f"""
CREATE FUNCTION hundred_describe_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT state, topic_id INTO NEW.state, NEW.topic_id FROM petitions_petition WHERE id = NEW.petition_id;
  NEW.padding := repeat(' ', 2100);
  RETURN NEW;
END $$;
CREATE TRIGGER search_entry_described BEFORE INSERT OR UPDATE ON petitions_searchentry
  FOR EACH ROW EXECUTE FUNCTION hundred_describe_entry();
ALTER TABLE petitions_searchentry SET (toast_tuple_target = 256);

CREATE FUNCTION hundred_copy_goal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT first_goal INTO NEW.first_goal FROM petitions_petition WHERE id = NEW.petition_id;
  RETURN NEW;
END $$;
CREATE TRIGGER tally_has_the_goal BEFORE INSERT ON petitions_tally
  FOR EACH ROW EXECUTE FUNCTION hundred_copy_goal();
CREATE FUNCTION hundred_hand_goal_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE petitions_tally SET first_goal = NEW.first_goal WHERE petition_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER petition_hands_its_goal_on AFTER UPDATE OF first_goal ON petitions_petition
  FOR EACH ROW WHEN (OLD.first_goal <> NEW.first_goal) EXECUTE FUNCTION hundred_hand_goal_on();

CREATE FUNCTION hundred_goal_share(signatures integer, first_goal integer) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT signatures::double precision / CASE
      WHEN signatures < first_goal THEN first_goal
      WHEN signatures < {LADDER[-1]} THEN ({RUNGS})[width_bucket(signatures, {RUNGS}) + 1]
      ELSE {LADDER[-1]} + ((signatures - {LADDER[-1]}) / {STEP_ABOVE} + 1) * {STEP_ABOVE} END $$;
"""
UNDO = """
DROP FUNCTION hundred_goal_share(integer, integer);
DROP TRIGGER petition_hands_its_goal_on ON petitions_petition;
DROP FUNCTION hundred_hand_goal_on();
DROP TRIGGER tally_has_the_goal ON petitions_tally;
DROP FUNCTION hundred_copy_goal();
ALTER TABLE petitions_searchentry SET (toast_tuple_target = 128);
DROP TRIGGER search_entry_described ON petitions_searchentry;
DROP FUNCTION hundred_describe_entry();
"""

class Migration(migrations.Migration):
    dependencies = [("petitions", "0015_lists_are_quick")]
    operations = [
        migrations.AddField(
            "searchentry",
            "topic",
            models.ForeignKey(
                "petitions.topic", models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
            ),
        ),
        migrations.AddField(
            "searchentry", "state", models.CharField(max_length=20, db_default="", editable=False)
        ),
        migrations.AddField("searchentry", "padding", models.TextField(db_default="", editable=False)),
        migrations.AddField(
            "tally",
            "first_goal",
            models.PositiveIntegerField("first goal", db_default=100, editable=False),
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.RunSQL(QUERY, migrations.RunSQL.noop),
    ]
