"""It was committed and the reply was lost: nobody knows, so the same form may be sent again and counts once."""

from contextlib import contextmanager

import psycopg2
import pytest
from django.db import close_old_connections, connection
from django.test import Client

from lib.prepared import Prepared
from outbox.models import Message
from signatures import consents
from signatures.models import Signature
from tests.petitions.racing import committed
from tests.signatures.counts import recount, shown
from tests.signatures.pages.conftest import DORA, hidden_fields

pytestmark = committed


@contextmanager
def commits_are(act):
    """Let this happen where a transaction is to be committed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_commit", act)
        yield


def done_but_unsaid():
    """Let the server commit, and cut the line before it can say so."""
    with connection.wrap_database_errors:
        connection.connection.commit()
        connection.connection.close()
        raise psycopg2.OperationalError("server closed the connection unexpectedly")


def cut_from_outside():
    """Let somebody end the session just before it commits."""
    with connection.wrap_database_errors:
        end_the_session()
        connection.connection.commit()


def end_the_session():
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()


@contextmanager
def the_statement_that_signs(act):
    """Let this happen to the one statement of a member’s click, which commits by itself."""
    real = Prepared.row

    def row(statement, values):
        return act(real, statement, values) if statement.name == "sign" else real(statement, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "row", row)
        yield
    # As the server does at the end of a request; the test client leaves it out.
    close_old_connections()


def run_but_unsaid(run, statement, values):
    """Let the server do it, and cut the line before it can say so."""
    run(statement, values)
    with connection.wrap_database_errors:
        connection.connection.close()
        raise psycopg2.OperationalError("server closed the connection unexpectedly")


def cut_before_it(run, statement, values):
    """Let somebody end the session just before."""
    end_the_session()
    return run(statement, values)


@pytest.fixture
def member(client_of, carol):
    consents.current("en")  # which the first who signs writes down, in a statement of its own
    client = client_of(carol)
    client.raise_request_exception = False
    return client


def test_a_members_click_counts_once(petition, sign_url, member):
    fields = {"name": "Carol", "reason": "", "updates": "on"}
    with the_statement_that_signs(run_but_unsaid):
        assert member.post(sign_url, fields).status_code == 503
    assert Signature.objects.filter(petition=petition).count() == 1
    assert member.post(sign_url, fields).status_code == 302
    assert recount(petition) == shown(petition) == 1


def test_a_visitors_request_is_one_request_and_one_mail(petition, sign_url):
    client = Client(raise_request_exception=False)
    form = {**hidden_fields(client.get(sign_url).content.decode()), **DORA}
    with commits_are(done_but_unsaid):
        assert client.post(sign_url, form).status_code == 503
    assert client.post(sign_url, form).status_code == 302
    assert Signature.objects.filter(petition=petition).count() == 1
    assert Message.objects.filter(kind="confirm-signature").count() == 1


def test_a_session_that_ended_before_leaves_nothing(petition, sign_url, member):
    fields = {"name": "Carol", "reason": ""}
    with the_statement_that_signs(cut_before_it):
        assert member.post(sign_url, fields).status_code == 503
    assert recount(petition) == shown(petition) == 0
    assert member.post(sign_url, fields).status_code == 302
    assert recount(petition) == shown(petition) == 1


def test_a_session_that_ended_before_the_commit_leaves_no_request_and_no_mail(petition, sign_url):
    client = Client(raise_request_exception=False)
    form = {**hidden_fields(client.get(sign_url).content.decode()), **DORA}
    with commits_are(cut_from_outside):
        assert client.post(sign_url, form).status_code == 503
    assert not Signature.objects.exists()
    assert not Message.objects.filter(kind="confirm-signature").exists()
    assert client.post(sign_url, form).status_code == 302
    assert Signature.objects.filter(petition=petition).count() == 1
