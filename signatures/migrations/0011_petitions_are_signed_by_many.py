"""Tell PostgreSQL that many sign each petition, also where it has met few so far.

On a young site most petitions have a signature or two. Whoever is looked for on one of them (an account, a network, a
mailbox) is then as well looked for by reading all its signatures, and that plan is kept while thousands sign.
"""

from django.db import migrations

MANY = "ALTER TABLE signatures_signature ALTER COLUMN petition_id SET (n_distinct = -0.001)"
AS_COUNTED = "ALTER TABLE signatures_signature ALTER COLUMN petition_id RESET (n_distinct)"


class Migration(migrations.Migration):
    dependencies = [("signatures", "0010_reasons_are_quick")]
    operations = [migrations.RunSQL(MANY, AS_COUNTED)]
