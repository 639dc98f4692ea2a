"""The most signed petitions of a topic are found by an index: the tally has the topic, which the database itself copies.

So no writer can forget it, nor an older process.
"""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION hundred_describe_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT first_goal, topic_id INTO NEW.first_goal, NEW.topic_id FROM petitions_petition WHERE id = NEW.petition_id;
  RETURN NEW;
END $$;
DROP TRIGGER tally_has_the_goal ON petitions_tally;
DROP FUNCTION hundred_copy_goal();
CREATE TRIGGER tally_described BEFORE INSERT ON petitions_tally
  FOR EACH ROW EXECUTE FUNCTION hundred_describe_tally();
CREATE FUNCTION hundred_hand_topic_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE petitions_tally SET topic_id = NEW.topic_id WHERE petition_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER petition_hands_its_topic_on AFTER UPDATE OF topic_id ON petitions_petition
  FOR EACH ROW WHEN (OLD.topic_id IS DISTINCT FROM NEW.topic_id) EXECUTE FUNCTION hundred_hand_topic_on();
"""
UNDO = """
DROP TRIGGER petition_hands_its_topic_on ON petitions_petition;
DROP FUNCTION hundred_hand_topic_on();
DROP TRIGGER tally_described ON petitions_tally;
DROP FUNCTION hundred_describe_tally();
CREATE FUNCTION hundred_copy_goal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT first_goal INTO NEW.first_goal FROM petitions_petition WHERE id = NEW.petition_id;
  RETURN NEW;
END $$;
CREATE TRIGGER tally_has_the_goal BEFORE INSERT ON petitions_tally
  FOR EACH ROW EXECUTE FUNCTION hundred_copy_goal();
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0020_decision_makers_are_kept")]
    operations = [
        migrations.AddField(
            "tally",
            "topic",
            models.ForeignKey(
                "petitions.topic", models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
            ),
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
