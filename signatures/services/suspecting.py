"""Which requests a person should look at before they count; nobody is refused by this."""

from datetime import timedelta

# So many requests from one network for one petition within this time are a lecture hall, or a machine.
CROWD, WITHIN = 50, timedelta(minutes=10)
# A part of the statement that asks. Without a network, nothing is equal to it. The last one that makes it a crowd is looked
# at, and no time is asked for: of a petition on which thousands ask within ten minutes, each would read all of them.
IS_HERE = f"""
  SELECT coalesce((SELECT asked_at FROM signatures_signature
                    WHERE petition_id = %(petition)s::bigint AND network_hash = %(network)s::bytea
                    ORDER BY asked_at DESC OFFSET %(crowd)s::int - 1 LIMIT 1)
                  > statement_timestamp() - interval '{WITHIN.seconds} seconds', false) AS is_here"""  # noqa: S608 - constants
