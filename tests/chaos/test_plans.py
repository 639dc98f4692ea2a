"""Every look-up of the site is answered through an index, at a million signatures and a hundred thousand petitions.

A look-up is a request or a task as it really happens; each statement that it sends is explained with its own values.
What is not among them is meant to read everything: the audit recounts the site once a day, and whoever asks for a file
of all petitions gets all of them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client, TestCase

from accounts import services as people
from accounts.models import User
from bench import desk
from lib import clock, tokens
from lib.prepared import Prepared
from outbox import delivery, forgetting, tasks
from outbox.claiming import claim
from outbox.models import Lane
from petitions.models import Petition
from petitions.services import alerting, closing
from signatures import exports, rollup
from signatures.emails import CONFIRM, MILESTONE_SUPPORTER, UNSUBSCRIBE, WITHDRAW
from signatures.models import Signature, State
from signatures.services import announcing, caps, purging, removing_many
from signatures.views.signing import THANKS
from tests.chaos import acts, plans
from tests.chaos.plans import Asked, Tables
from tests.conftest import person

ROOMS = ("accounts", "lib", "outbox", "petitions", "signatures")
# What has to be large here, so that a plan says anything.
FILLED = {
    "accounts_user", "account_emailaddress", "django_session", "usersessions_usersession", "outbox_message",
    "petitions_petition", "petitions_searchentry", "petitions_tally", "petitions_titleword", "petitions_transition",
    "petitions_version", "signatures_askedmail", "signatures_signature",
}  # fmt: skip
# What may read a whole large table, by words of its statement, and why. Deltas live for a second, and so are few.
ALLOWED = {
    'NOT (EXISTS(SELECT %s AS "a" FROM "account_emailaddress"': "each hour: who signed up a week ago and proved nothing",
    'NOT EXISTS(SELECT %s AS "a" FROM "django_session"': "each hour: what is listed of sessions that are gone",
    'GROUP BY "petitions_petition"."topic_id", "petitions_petition"."state"': "counts; a process keeps them (petitions.census)",
    'WHERE "petitions_tally"."petition_id" IN (SELECT U0."id"': (
        "most signed in a state, or of several topics: thousands fit, and all tallies are 600 narrow pages (decision 0006)"
    ),
    'AND "petitions_searchentry"."vector" @@ (websearch_to_tsquery(hundred_search("petitions_petition"."language")': (
        "a word that is ruled out is so in each text's own language, which stands in the rows of thousands of hits"
    ),
}
# So many as these tests need to say anything in short; ways that are as good for so few rows are left out of account.
SHORT, FULL = (1_500, 20_000), (100_000, 1_000_000)
AS_GOOD_FOR_FEW = ("seqscan", "hashjoin", "mergejoin")

Act = Callable[["Ground"], Any]
LOOKUPS: dict[str, Act] = {}


def lookup(act: Act) -> Act:
    LOOKUPS[act.__name__.replace("_", " ")] = act
    return act


@dataclass
class Ground:
    """The site's most signed petition, one that nobody has read, and people who come."""

    hot: Petition
    cold: Petition
    member: Client
    supporter: Client
    starter: Client
    signature: Signature
    pending: Signature

    def get(self, path: str, client: Client | None = None, status: int = 200) -> Any:
        answer = (client or Client()).get(path)
        assert answer.status_code == status, path
        return answer

    def post(self, path: str, fields: dict[str, Any], client: Client | None = None, status: int = 302) -> Any:
        answer = (client or Client()).post(path, fields)
        assert answer.status_code == status, answer.content.decode()
        return answer

    def visit(self, page: str, purpose: str, about: object, client: Client | None = None) -> None:
        self.get(f"/{page}/{tokens.make(purpose, str(about))}/", client)


def _client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backend.Backend")
    return client


def _ground() -> Ground:
    hot = Petition.objects.most_signed().with_text()[0]
    signature = Signature.objects.confirmed().filter(petition=hot).latest("pk")
    starter = person("starter@plans.example", "Eva")
    Petition.objects.filter(pk=hot.pk).update(starter=starter)
    return Ground(
        hot=hot,
        cold=Petition.objects.public().newest()[1],
        member=_client_of(person("member@plans.example", "Carol")),
        supporter=_client_of(signature.user),
        starter=_client_of(starter),
        signature=signature,
        pending=Signature.objects.filter(petition=hot, state=State.PENDING).latest("pk"),
    )


@lookup
def page_of_a_petition(at: Ground) -> None:
    at.get(at.cold.get_absolute_url())
    at.get(at.hot.get_absolute_url())
    at.get(at.hot.get_absolute_url())


@lookup
def count(at: Ground) -> None:
    at.get(f"{at.hot.get_absolute_url()}count.json")


@lookup
def first_page(at: Ground) -> None:
    at.get("/")


@lookup
def sitemap(at: Ground) -> None:
    at.get("/sitemap.xml")


def browse(**fields: str) -> Act:
    def act(at: Ground) -> None:
        answer = Client().get("/petitions/", fields)
        assert answer.status_code == 200

    return act


LOOKUPS |= {
    "newest": browse(),
    "newest, page 20": browse(page="20"),
    "most signed": browse(sort="signed"),
    "most signed, page 20": browse(sort="signed", page="20"),
    "topic": browse(topic="parks"),
    "topic, most signed, page 20": browse(topic="parks", sort="signed", page="20"),
    "state": browse(state="closed"),
    "state, most signed": browse(state="closed", sort="signed"),
    "common word": browse(q="street"),
    "common word, newest": browse(q="street", sort="new"),
    "common word, most signed": browse(q="street", sort="signed"),
    "rare word": browse(q="bakelino"),
    "several words": browse(q="street garden -rent", topic="parks"),
    "mistyped": browse(q="libarry"),
}


@lookup
def panel(at: Ground) -> None:
    at.get(f"{at.hot.get_absolute_url()}panel/")
    at.get(f"{at.hot.get_absolute_url()}panel/", at.supporter)


@lookup
def session_and_person(at: Ground) -> None:
    at.get("/accounts/corner/", at.member)
    at.get("/accounts/profile/", at.member)


@lookup
def a_member_signs(at: Ground) -> None:
    path = f"{at.hot.get_absolute_url()}sign/"
    thanks = at.post(path, {"name": "Carol", "reason": "I walk there."}, at.member).url
    at.get(thanks, at.member)
    at.post(path, {"name": "Carol"}, at.member)
    at.post(path, {"name": "Person"}, at.supporter)
    rollup.roll_up()


@lookup
def a_visitor_asks(at: Ground) -> None:
    path = f"{at.hot.get_absolute_url()}sign/"
    at.get(path)
    for email in ("dora@plans.example", at.signature.email):
        at.post(path, {"name": "Dora", "email": email, "consent": "on", **acts.stamps(1)[0]})
    at.get(f"{path}sent/")


@lookup
def a_visitor_confirms(at: Ground) -> None:
    link = f"/signatures/confirm/{tokens.make(CONFIRM, at.pending.pk)}/"
    at.get(link)
    thanks = at.post(link, {"name": "Dora", "updates": "on"}).url
    at.get(thanks)
    at.get(link)


@lookup
def a_new_mailbox_confirms(at: Ground) -> None:
    Signature.objects.filter(pk=at.pending.pk).update(email="nobody@plans.example")
    at.post(f"/signatures/confirm/{tokens.make(CONFIRM, at.pending.pk)}/", {"name": "Dora"})


@lookup
def a_mailbox_disowns(at: Ground) -> None:
    at.post(f"/signatures/disown/{tokens.make(CONFIRM, at.pending.pk)}/", {}, status=200)


@lookup
def withdrawing_by_link(at: Ground) -> None:
    at.visit("signatures/withdraw", WITHDRAW, at.signature.pk)
    at.post(f"/signatures/withdraw/{tokens.make(WITHDRAW, at.signature.pk)}/", {})
    rollup.roll_up()


@lookup
def thanks(at: Ground) -> None:
    at.visit("signatures/thanks", THANKS, at.signature.pk)


@lookup
def unsubscribing(at: Ground) -> None:
    about = f"{MILESTONE_SUPPORTER}.{at.signature.pk}"
    at.visit("unsubscribe", UNSUBSCRIBE, about)
    at.post(f"/unsubscribe/{tokens.make(UNSUBSCRIBE, about)}/", {}, status=200)


@lookup
def my_signatures(at: Ground) -> None:
    at.get("/signatures/mine/", at.supporter)
    one = f"/signatures/mine/{at.signature.pk}/"
    at.get(one, at.supporter)
    at.post(one, {"updates": "on"}, at.supporter)
    at.post(one, {"action": "withdraw"}, at.supporter)


@lookup
def a_code_to_sign_in(at: Ground) -> None:
    for email in (at.signature.email, "nobody@plans.example"):
        client = Client()
        at.post("/accounts/login/", {"login": email, "password": ""}, client)
        at.post("/accounts/login/code/confirm/", {"code": "000000"}, client, status=200)


@lookup
def signing_up(at: Ground) -> None:
    at.post("/accounts/signup/", {"email": "new@plans.example", "name": "Nina"})


@lookup
def caps_of_mails(at: Ground) -> None:
    with transaction.atomic():
        caps.line_up(b"a" * 32)
        caps.count(petition=at.hot.pk, address=b"a" * 32)


@lookup
def starters_room(at: Ground) -> None:
    at.get("/petitions/mine/", at.starter)
    at.get(at.hot.get_manage_url(), at.starter)


@lookup
def roll_up(at: Ground) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO petitions_delta (petition_id, change) SELECT %s, 1 FROM generate_series(1, 50)",
            [at.hot.pk],
        )
    rollup.roll_up()


@lookup
def announcing_a_milestone(at: Ground) -> None:
    assert announcing.announce_due(chunks=2)


@lookup
def claiming_mails(at: Ground) -> None:
    for lane in Lane:
        assert claim(lane, 8, uuid4())


@lookup
def sending_mails(at: Ground) -> None:
    delivery.deliver([Lane.URGENT, Lane.BULK])


@lookup
def sweeping(at: Ground) -> None:
    tasks.sweep()
    removing_many.carry_on()
    closing.close_due()
    alerting.alert_moderators()


@lookup
def sweeping_once_a_day(at: Ground) -> None:
    purging.purge()
    forgetting.forget_old()
    people.remove_spent_sessions()
    people.remove_unverified(now=clock.now())


@lookup
def readiness(at: Ground) -> None:
    assert Client().get("/readyz").status_code in {200, 503}


@lookup
def file_of_supporters(at: Ground) -> None:
    assert list(exports.rows(at.hot, clock.now().tzinfo))


DESK = (
    ".",
    "petitions/petition/?state=submitted",
    "petitions/petition/",
    "petitions/petition/{waiting}/review/",
    "petitions/petition/{most_signed}/review/",
    "petitions/objection/?waits=yes",
    "petitions/edit/?waits=yes",
    "signatures/signature/",
    "signatures/signature/?petition={most_signed}&state=confirmed",
    "signatures/signature/?state=held",
    "signatures/signature/{signature}/change/",
    "signatures/signature/?q={address}",
)


def on_the_desk(page: str) -> Act:
    def act(at: Ground) -> None:
        at.get(desk.addresses()[page], desk.as_reader())

    return act


LOOKUPS |= {f"desk: {page}": on_the_desk(page) for page in DESK}


@pytest.fixture(scope="module")
def tables(
    django_db_setup: None, django_db_blocker: Any, size: Callable[[int, int], int]
) -> Iterator[Tables]:
    petitions, signatures = map(size, SHORT, FULL)
    with django_db_blocker.unblock(), plans.full_site(petitions=petitions, signatures=signatures):
        yield Tables.read()


@pytest.fixture(scope="module")
def known() -> dict[str, Asked]:
    """What each look-up asked; each is asked for once."""
    return {}


def _asked_by(act: Act, without: Sequence[str]) -> Asked:
    """Do it, with what follows a commit, and undo it."""
    asked = Asked(without)
    with transaction.atomic():
        ground = _ground()
        with connection.execute_wrapper(asked), TestCase.captureOnCommitCallbacks(execute=True):
            act(ground)
        transaction.set_rollback(True)
    return asked


@pytest.fixture
def ask(
    tables: Tables, known: dict[str, Asked], size: Any, db: None, settings: Any
) -> Callable[[str], Asked]:
    settings.STAFF_MFA_REQUIRED = False
    without = AS_GOOD_FOR_FEW[: size(len(AS_GOOD_FOR_FEW), 0)]

    def once(name: str) -> Asked:
        if name not in known:
            known[name] = _asked_by(LOOKUPS[name], without)
        return known[name]

    return once


def test_the_tables_are_large(tables: Tables):
    assert tables.large >= FILLED


@pytest.mark.parametrize("name", LOOKUPS)
def test_it_is_answered_through_indexes(name: str, ask: Callable[[str], Asked], tables: Tables):
    asked = ask(name)
    assert asked.plans
    assert plans.unanswered(asked.plans, tables, ALLOWED) == []


def _modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" not in found.name and ".management" not in found.name:
                yield importlib.import_module(found.name)


def test_every_prepared_statement_is_asked_by_one_of_them(
    ask: Callable[[str], Asked], tables: Tables, proof: Callable[[str, str], None]
):
    names = {
        each.name for module in _modules() for each in vars(module).values() if isinstance(each, Prepared)
    }
    all_asked = [ask(name) for name in LOOKUPS]
    assert names
    assert names - {name for asked in all_asked for name in asked.prepared} == set()
    number = len({sql for asked in all_asked for sql, _plan in asked.plans})
    rows = Signature.objects.count()
    proof(
        "indexes",
        f"{number} statements of {len(LOOKUPS)} look-ups at {rows:,} signatures: each through an index, but for "
        f"{len(ALLOWED)} that have a reason",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT FROM accounts_user WHERE name = 'Carol'",
        "SELECT FROM signatures_signature WHERE id = (SELECT max(pg_column_size(id)) FROM outbox_message)",
        "SELECT count(*) FROM (SELECT id FROM signatures_signature ORDER BY id) all_of_them",
        "DELETE FROM petitions_version WHERE title = 'Lamps'",
    ],
)
def test_what_has_no_index_is_named(sql: str, tables: Tables, db: None):
    assert plans.unanswered(_explained(sql), tables, {})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT FROM accounts_user WHERE id = 7",
        "SELECT id FROM signatures_signature ORDER BY id DESC LIMIT 20",
        "SELECT count(*) FROM outbox_message WHERE state = 'failed'",
    ],
)
def test_what_an_index_answers_is_not(sql: str, tables: Tables, db: None):
    assert plans.unanswered(_explained(sql), tables, {}) == []


def _explained(sql: str) -> list[tuple[str, dict[str, Any]]]:
    asked = Asked()
    with connection.execute_wrapper(asked), connection.cursor() as cursor:
        cursor.execute(sql)
    return asked.plans
