"""Rejected petitions get an entry too: moderators compare new ones with them, readers still find none of them."""

from django.db import migrations

# As `discovery.index` makes it.
INDEX = """
INSERT INTO petitions_searchentry (petition_id, vector, title)
SELECT p.id,
       setweight(to_tsvector(hundred_search(p.language), v.title || ' ' || v.ask), 'A')
       || setweight(to_tsvector(hundred_search(p.language), left(v.body, 100000) || ' ' || coalesce(m.name, '')), 'B'),
       lower(hundred_unaccent(v.title))
  FROM petitions_petition p
  JOIN petitions_version v ON v.id = p.version_id
  LEFT JOIN petitions_decisionmaker m ON m.id = v.decision_maker_id
 WHERE p.state = 'rejected'
ON CONFLICT (petition_id) DO NOTHING
"""
FORGET = """
DELETE FROM petitions_searchentry e USING petitions_petition p WHERE p.id = e.petition_id AND p.state = 'rejected'
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0011_roles_and_reasons")]
    operations = [migrations.RunSQL(INDEX, FORGET)]
