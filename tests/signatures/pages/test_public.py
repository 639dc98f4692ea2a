"""What everybody sees of signatures: names that may be shown, reasons, goals. The same for all, from few queries."""

import pytest
from django.db import connection

from petitions.models import Petition, Tally
from signatures import rollup
from signatures.models import Milestone, Signature
from signatures.services import withdrawing
from signatures.templatetags import signatures as tags
from tests.signatures import moderating
from tests.signatures.pages.conftest import link

NOBODY = "Nobody yet. The first reason is often the one that others remember."


@pytest.fixture
def page(client, petition):
    def read() -> str:
        return str(client.get(petition.get_absolute_url()).content.decode())

    return read


def test_the_first_reason_is_invited(page):
    assert NOBODY in page()


def test_it_links_to_the_form_and_loads_the_panel(page, petition):
    url = petition.get_absolute_url()
    assert f'<a class="btn btn-primary btn-lg w-100" href="{url}sign/">Sign this petition</a>' in page()
    assert f'hx-get="{url}panel/" hx-trigger="load"' in page()
    assert f'data-live-count="{url}count.json"' in page()
    assert 'class="sign-bar"' in page()


def test_names_are_shown_where_people_agreed(page, signed):
    signed(email="one@example.org", name="Priya Nair", public=True, reason="I drive there.\nEvery day.")
    signed(email="two@example.org", name="Tom Hidden", reason="I walk there.")
    text = page()
    assert "Priya Nair" in text
    assert "I drive there.<br>Every day." in text
    assert "I walk there." in text
    assert "A supporter" in text
    assert "Tom Hidden" not in text
    assert "example.org" not in text.replace("localhost", "")
    assert ", and 1 supporter who doesn’t show their name." in text
    assert NOBODY not in text


def test_only_hidden_names_are_counted_in_words(page, signed):
    signed()
    assert "The last supporter doesn’t show their name." in page()
    signed(email="two@example.org")
    assert "The last 2 supporters don’t show their names." in page()


@pytest.mark.parametrize("gone", ["withdrawn", "removed", "hidden", "pending"])
def test_what_does_not_count_or_was_hidden_is_not_shown(page, signed, ask, gone):
    if gone == "pending":
        ask(name="Rude Name", public=True, reason="Rude reason")
    else:
        signature = signed(name="Rude Name", public=True, reason="Rude reason")
        act = {
            "withdrawn": withdrawing.withdraw,
            "removed": moderating.remove,
            "hidden": moderating.hide_reason,
        }[gone]
        assert act(signature=signature)
    assert "Rude reason" not in page()
    assert ("Rude Name" in page()) == (gone == "hidden")


def test_goals_stand_in_the_record(page, petition, signed):
    Petition.objects.filter(pk=petition.pk).update(first_goal=1)
    signed()
    rollup.roll_up()
    assert "1 signature reached on" in page()
    withdrawing.withdraw(signature=Signature.objects.get())
    assert "1 signature reached on" in page()


def test_the_hundredth_signature(page, petition, signed):
    Tally.objects.filter(petition=petition).update(signatures=99)
    signed()
    rollup.roll_up()
    assert "<strong>100</strong> have signed. Let’s get to 200!" in page()
    assert "100 signatures reached on" in page()
    assert Milestone.objects.count() == 1


def test_the_page_stays_the_same_for_everybody_and_without_cookies(
    client, client_of, carol, petition, member_signed
):
    member_signed(carol, public=True, reason="I walk there.")
    url = petition.get_absolute_url()
    answers = [reader.get(url) for reader in (client, client_of(carol))]
    assert answers[0].content == answers[1].content
    for answer in answers:
        assert answer["Cache-Control"].startswith("public")
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_it_takes_the_same_few_queries_however_many_sign(client, petition, signed, django_assert_num_queries):
    client.get(petition.get_absolute_url())  # the text is asked for once in a process
    for number in range(3):
        signed(email=f"p{number}@example.org", public=True, reason="Because.")
    with django_assert_num_queries(2):
        client.get(petition.get_absolute_url())
    for number in range(3, 12):
        signed(email=f"p{number}@example.org", public=True, reason="Because.")
    with django_assert_num_queries(2):
        client.get(petition.get_absolute_url())


def test_the_thanks_page_without_a_starter_asks_in_other_words(client, petition, signed):
    Petition.objects.filter(pk=petition.pk).update(starter_name="")
    page = client.get(link("thanks", signed().pk)).content.decode()
    assert "“Keep the river path lit until midnight” needs your help. Join 1 supporter today." in page


def test_what_is_shown_is_read_through_indexes(petition, signed):
    signed(public=True, reason="Because.")
    with connection.cursor() as cursor:
        # With two rows any way is as good; what is asked is whether the indexes can do it, the one without the other.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        assert "Index Scan using signature_recent" in _plan(cursor, petition)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP INDEX signature_recent")
        assert "Index Scan using signature_reasons" in _plan(cursor, petition)


def _plan(cursor, petition):
    tags._HEARD.rows({"petition": petition.pk})
    cursor.execute("EXPLAIN EXECUTE heard (%s)", [petition.pk])
    return "\n".join(row[0] for row in cursor.fetchall())
