from django.db import migrations

# Every mail leaves at least two dead versions of its row at the head of the index that claims read: tidy up early.
SET = """
ALTER TABLE outbox_message SET (
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
)
"""
RESET = """
ALTER TABLE outbox_message RESET (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay,
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold
)
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_messages")]

    operations = [migrations.RunSQL(SET, RESET)]
