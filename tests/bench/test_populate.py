"""What the generator makes is what the site itself would have made."""

import pytest
from django.core.management import call_command
from django.db import connection

from bench import populate
from bench.populate import Wanted
from petitions import discovery, markdown
from petitions.models import Petition, SearchEntry, Version
from signatures import identity
from signatures.models import Announcement, Milestone, Signature


@pytest.fixture
def made(db):
    return populate.populate(Wanted(petitions=60, signatures=250, first_goal=2))


@pytest.fixture
def signed(made):
    return Petition.objects.with_text().get(slug__in=made.signed)


def test_it_makes_what_was_asked_for(made, signed):
    assert Petition.objects.open().filter(slug__in=made.petitions).count() == 60
    assert signed.tally.signatures == Signature.objects.confirmed().filter(petition=signed).count() == 250
    assert Petition.objects.moving().count() > 4


def test_the_audit_has_nothing_to_say(made):
    call_command("audit_invariants", verbosity=0)


def test_nobody_is_written_to(made, signed):
    thresholds = Milestone.objects.filter(petition=signed).values_list("threshold", flat=True)
    assert sorted(thresholds) == [2, 100, 200]
    assert not Announcement.objects.exists()


def test_it_goes_on_where_something_is(made, signed, client):
    again = populate.populate(Wanted(signatures=30, on=(signed.slug,)))
    assert again.petitions == []
    assert client.get(f"{signed.get_absolute_url()}count.json", secure=True).json()["signatures"] == 280
    call_command("audit_invariants", verbosity=0)


def test_many_rows_leave_the_same_indexes_and_keys(made, monkeypatch):
    monkeypatch.setattr(populate, "MANY", 1)
    before = _guards()
    populate.populate(Wanted(petitions=20, signatures=10))
    assert len(before) > 100
    assert _guards() == before
    call_command("audit_invariants", verbosity=0)


def _guards():
    indexes = "SELECT tablename::text, indexname::text, '' FROM pg_indexes WHERE schemaname = 'public'"
    keys = "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint"
    with connection.cursor() as cursor:
        cursor.execute(f"{indexes} UNION ALL {keys} ORDER BY 1, 2, 3")
        return cursor.fetchall()


def test_people_are_known_by_the_same_hashes(made, signed):
    one = Signature.objects.filter(petition=signed).order_by("pk").first()
    assert bytes(one.identity_hash) == identity.identity_hash(signed.pk, one.email)
    assert bytes(one.network_hash) == identity.network_hash("100.64.1.9")
    assert one.user.emailaddress_set.get().verified


@pytest.mark.parametrize("length", [20, 64, 100])
def test_a_key_of_any_length_gives_the_same_hashes(length, db, settings):
    settings.IDENTITY_KEY = "k" * length
    populate.populate(Wanted(petitions=1, signatures=1))
    one = Signature.objects.get()
    assert bytes(one.identity_hash) == identity.identity_hash(one.petition_id, one.email)


def test_texts_are_rendered_as_by_the_site(made):
    version = Version.objects.filter(petition__slug__in=made.petitions).order_by("pk").first()
    assert version.body_html == markdown.to_html(version.body)
    assert version.snippet == version.ask
    assert 100 < len(version.body.split()) < 160


def test_entries_are_written_as_by_the_site(made, signed):
    def entry():
        return SearchEntry.objects.values_list("title", "vector", "signatures").get(petition=signed)

    before = entry()
    discovery.index(signed)
    assert entry() == before
    assert before[-1] > 0


def test_words_are_as_common_as_words_are(made):
    found = [discovery.find(discovery.Search(words=word)).total for word in ("street", "garbage", "kebali")]
    assert found[0] > found[1] >= found[2]


def test_the_command_says_what_it_made(db, capsys):
    populate.main(["--petitions", "3", "--signatures", "5"])
    said = capsys.readouterr().out
    slug = Petition.objects.get(tally__signatures=5).slug
    assert said.startswith(f"3 petitions; 5 signatures on {slug}\n")
