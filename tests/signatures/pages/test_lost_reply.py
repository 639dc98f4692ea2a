"""The commit went through and its reply was lost: nobody knows, so the same form may be sent again and counts once."""

from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection
from django.test import Client

from outbox.models import Message
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
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.close()
        connection.connection.commit()


@pytest.fixture
def member(client_of, carol):
    client = client_of(carol)
    client.raise_request_exception = False
    return client


def test_a_members_click_counts_once(petition, sign_url, member):
    fields = {"name": "Carol", "reason": "", "updates": "on"}
    with commits_are(done_but_unsaid):
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


def test_a_session_that_ended_before_the_commit_leaves_nothing(petition, sign_url, member):
    fields = {"name": "Carol", "reason": ""}
    with commits_are(cut_from_outside):
        assert member.post(sign_url, fields).status_code == 503
    assert recount(petition) == shown(petition) == 0
    assert member.post(sign_url, fields).status_code == 302
    assert recount(petition) == shown(petition) == 1
