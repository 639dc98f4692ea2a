"""The admin's log is written once: part of what moderators do is nowhere else, and it must not go with the person.

Nothing of ours changes or deletes a row of it. `remove_stale_contenttypes` would take from old rows what they are
about, and is refused where it would.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION hundred_keep_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'django_admin_log is append-only: whoever is in it is made inactive, not deleted'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE ON django_admin_log
  FOR EACH ROW EXECUTE FUNCTION hundred_keep_log();
"""
ALLOW = """
DROP TRIGGER log_append_only ON django_admin_log;
DROP FUNCTION hundred_keep_log();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("admin", "0003_logentry_add_action_flag_choices")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
