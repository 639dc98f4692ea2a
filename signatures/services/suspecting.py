"""Which requests a person should look at before they count; nobody is refused by this."""

from datetime import timedelta

# So many requests from one network for one petition within this time are a lecture hall, or a machine.
CROWD, WITHIN = 50, timedelta(minutes=10)
# A part of the statement that asks. Without a network, nothing is equal to it.
IS_HERE = f"""
  SELECT count(*) >= %(crowd)s::int AS is_here
    FROM (SELECT FROM signatures_signature
           WHERE petition_id = %(petition)s::bigint AND network_hash = %(network)s::bytea
             AND asked_at > statement_timestamp() - interval '{WITHIN.seconds} seconds' LIMIT %(crowd)s::int) lately"""  # noqa: S608 - constants
