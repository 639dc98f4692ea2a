"""The record of moves is written once: the database refuses to change or delete a row of it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION hundred_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the record of moves is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER transition_append_only BEFORE UPDATE OR DELETE ON petitions_transition
  FOR EACH ROW EXECUTE FUNCTION hundred_refuse_change();
CREATE TRIGGER transition_reason_append_only BEFORE UPDATE OR DELETE ON petitions_transitionreason
  FOR EACH ROW EXECUTE FUNCTION hundred_refuse_change();
"""
ALLOW = """
DROP TRIGGER transition_append_only ON petitions_transition;
DROP TRIGGER transition_reason_append_only ON petitions_transitionreason;
DROP FUNCTION hundred_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_search_and_storage")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
