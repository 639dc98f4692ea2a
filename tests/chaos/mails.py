"""What became of mails: what the outbox says of them against what the mail server took."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from tests.chaos.ground import Site
from tests.embedded.launching import until

FACTS = {
    "title": "Keep the river path lit",
    "starter": "Alice Miller",
    "called": "Alice",
    "name": "Alice Miller",
    "url": "https://petitions.example/petitions/keep-the-river-path-lit-1/",
    "manage_url": "https://petitions.example/petitions/keep-the-river-path-lit-1/manage/",
    "threshold": 100,
    "signatures": 120,
    "goal": 200,
}


def queue(site: Site, addresses: Sequence[str], **changed: Any) -> None:
    """Write a mail to each address, of an urgent kind that is always wanted."""
    drafts = [{"to": to, "context": FACTS | changed, "dedupe_key": f"chaos:{uuid4()}"} for to in addresses]
    assert site.act("queue", kind="milestone-starter", drafts=drafts) == len(drafts)


class Ledger:
    """The mails that one test causes, from its beginning."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.since = site.number("SELECT coalesce(max(id), 0) FROM outbox_message")

    def rows(self, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Return columns of these mails, in the order of writing."""
        query = f"SELECT {columns} FROM outbox_message WHERE id > %s AND {where} ORDER BY id"
        return self.site.sql(query, [self.since])

    def ids(self, where: str = "true") -> set[str]:
        """Return the Message-IDs of these mails."""
        return {row[0] for row in self.rows("message_id", where)}

    def states(self, where: str = "true") -> Counter[str]:
        """Return how many of them are in which state."""
        return Counter(row[0] for row in self.rows("state", where))

    def on_the_wire(self) -> Counter[str]:
        """Return how often each of them was accepted."""
        mine = self.ids()
        with self.site.sink.guard:
            seen = [each.message_id for each in self.site.sink.accepted]
        return Counter(each for each in seen if each in mine)

    def lost(self) -> set[str]:
        """Return those that never arrived though nobody took them back; waiting ones count as lost by now."""
        return self.ids("state <> 'dropped'") - set(self.on_the_wire())

    def repeats(self) -> dict[str, int]:
        """Return how often too many each of them arrived."""
        return {each: times - 1 for each, times in self.on_the_wire().items() if times > 1}

    def unflagged(self) -> set[str]:
        """Return those that arrived more than once without a mark."""
        return set(self.repeats()) - self.ids("maybe_duplicate")

    def is_clean(self) -> bool:
        """Tell whether each arrived exactly once and none is marked."""
        return not (self.lost() or self.repeats() or self.ids("maybe_duplicate"))

    def twice_told(self) -> list[tuple[Any, ...]]:
        """Return who was written to more than once about one milestone."""
        query = """SELECT to_address, context->>'milestone', count(*) FROM outbox_message
            WHERE id > %s AND kind LIKE 'milestone-%%' AND context ? 'milestone'
            GROUP BY 1, 2, kind HAVING count(*) > 1"""
        return self.site.sql(query, [self.since])


def second_round(site: Site, seconds: float = 300) -> None:
    """Let the second round of every announcement come now instead of in a minute, and wait for its end."""
    pending = "SELECT count(*) FROM signatures_announcement WHERE done_at IS NULL"

    def done() -> bool:
        site.sql("UPDATE signatures_announcement SET due_at = now() WHERE done_at IS NULL AND due_at > now()")
        return site.number(pending) == 0

    until(done, "announced twice", seconds)
    site.until_mailed(seconds)


def hand_on_what_the_dead_had(site: Site, seconds: float = 60) -> None:
    """Send all but what is leased, then let those leases run out now instead of in two minutes."""
    waiting = """SELECT (SELECT count(*) FROM signatures_announcement WHERE done_at IS NULL AND round = 1)
        + (SELECT count(*) FROM outbox_message WHERE state = 'queued' AND leased_until IS NULL)"""
    until(lambda: site.number(waiting) == 0, "only mails of the dead are left", seconds)
    site.worker.stop()
    let_leases_run_out(site)
    site.worker.start()


def let_leases_run_out(site: Site) -> None:
    """Be two minutes later for the leases of the dead; only while nobody sends."""
    site.sql("UPDATE outbox_message SET leased_until = now() WHERE leased_until IS NOT NULL")
