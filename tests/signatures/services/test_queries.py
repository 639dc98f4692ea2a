"""What signing costs does not grow with what was signed: the same statements at 10 and at 10,000 signatures."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from petitions import counting
from petitions.models import Tally
from signatures.models import Signature
from signatures.rollup import roll_up
from signatures.services import announcing, withdrawing
from tests.conftest import person

# In a test the service's transaction is a savepoint within the test's own: one statement to open it, one to close.
SAVEPOINTS = 2
_FILL = """
WITH filler AS (
  INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
  SELECT 'filler-' || n || '@example.org', 'Filler', '!', true, false, false, 'en', 'UTC'
    FROM generate_series(%(from)s, %(to)s) n
  RETURNING id, email, name)
INSERT INTO signatures_signature
  (petition_id, version_id, consent_id, user_id, identity_hash, state, suspicion, email, name, reason, public,
   updates, language, email_domain, confirmed_at, removed_from)
SELECT %(petition)s, %(version)s, %(consent)s, id, sha256(email::bytea), 'confirmed', '', email, name, 'Why',
       true, false, 'en', 'example.org', clock_timestamp(), ''
  FROM filler"""


def fill(petition, up_to):
    """Bring the petition to so many signatures."""
    there = Signature.objects.filter(email__startswith="filler-").count()
    consent = Signature.objects.first().consent_id
    values = {
        "from": there + 1,
        "to": up_to,
        "petition": petition.pk,
        "version": petition.version_id,
        "consent": consent,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILL, values)
        # What looks for a person's row has been planned for a handful of people.
        cursor.execute("ANALYZE signatures_signature, accounts_user")
    Tally.objects.filter(petition=petition).update(signatures=up_to)


@pytest.fixture
def costs(petition, sign, ask, confirm, carol):
    """Return how many statements each thing takes, each time for new people."""
    sign(carol)

    def measure(round_):
        member = person(f"member-{round_}@example.org", "Member")
        mailbox = f"visitor-{round_}@example.org"

        def theirs():
            return Signature.objects.get(email=mailbox)

        acts = {
            "sign": lambda: sign(member),
            "sign again": lambda: sign(member),
            "ask": lambda: ask(mailbox),
            "ask again": lambda: ask(mailbox),
            "confirm": lambda: confirm(theirs()),
            "withdraw": lambda: withdrawing.withdraw(signature=theirs()),
            "count": lambda: counting.progress_of(petition.slug),
            "roll up": roll_up,
            "announce": announcing.announce_due,
        }
        return {name: statements(act) for name, act in acts.items()}

    return measure


def statements(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_the_cost_does_not_grow(petition, costs, sign):
    fill(petition, 10)
    few = costs("few")
    fill(petition, 10_000)
    many = costs("many")
    assert Signature.objects.confirmed().count() > 10_000
    # The big tally has passed a rung, which is recorded once.
    assert {**many, "roll up": 0, "announce": 0} == {**few, "roll up": 0, "announce": 0}
    assert (few["sign"], few["count"]) == (1, 1)
    # The lock of the mailbox, the request, the mail, its count.
    assert few["ask"] == 4 + SAVEPOINTS
    # Ours here to find the row; the request as it stands, the account, the signature.
    assert few["confirm"] == 1 + 3 + SAVEPOINTS
    assert costs("more")["roll up"] == few["roll up"]
