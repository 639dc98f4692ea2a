"""What the site says about itself."""

import pytest

from petitions.models import Reason


def test_about_names_operator_and_contact(client, db, settings):
    page = client.get("/about/").content.decode()
    assert settings.OPERATOR_NAME.replace("'", "&#x27;") in page
    assert f'href="mailto:{settings.CONTACT_EMAIL}"' in page
    assert 'id="counting"' in page
    assert 'id="neutrality"' in page


def test_privacy_names_every_cookie_that_the_site_sets(client, db, settings):
    page = client.get("/privacy/").content.decode()
    assert f"<code>{settings.SESSION_COOKIE_NAME}</code>" in page
    assert f"<code>{settings.CSRF_COOKIE_NAME}</code>" in page


def test_privacy_speaks_to_all_who_take_part(client, db):
    page = client.get("/privacy/").content.decode()
    for part in ("reading", "account", "signing", "petitions", "moderating"):
        assert f'<h2 id="{part}">' in page


def test_rules_list_every_reason_in_use_by_its_code(client, db):
    Reason.objects.filter(code="duplicate").update(active=False)
    page = client.get("/rules/").content.decode()
    for reason in Reason.objects.all():
        assert (f'id="{reason.code}"' in page) is reason.active


def test_rules_follow_the_rows(client, db):
    Reason.objects.create(code="new-rule", title="It is <b>loud</b>", public_text="Whisper.", hides=True)
    assert "It is &lt;b&gt;loud&lt;/b&gt;" in client.get("/rules/").content.decode()


@pytest.mark.parametrize(("path", "queries"), [("/about/", 0), ("/privacy/", 0), ("/rules/", 1)])
def test_they_ask_little_of_the_database(client, db, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
