"""What administrators did to one petition is found by an index of the admin's log; built while people sign."""

from django.db import migrations

# A build that was cut off leaves an invalid index, which goes first (as in `lib.concurrently`; the table is Django's).
BUILD = [
    "SET lock_timeout = '10min'",
    "DROP INDEX CONCURRENTLY IF EXISTS log_by_row",
    "CREATE INDEX CONCURRENTLY log_by_row ON django_admin_log (object_id, content_type_id)",
    "RESET lock_timeout",
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0003_staff_are_found")]
    operations = [migrations.RunSQL(BUILD, "DROP INDEX CONCURRENTLY IF EXISTS log_by_row")]
