"""Planting: through the record, with nobody's signature, and once for ever."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from threading import Barrier

import pytest
from django.db import DataError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from petitions import events
from petitions.importing import shapes
from petitions.importing.found import SeedFile
from petitions.models import DecisionMaker, Delta, Petition, SearchEntry, Seed, Transition, Version
from petitions.services import moderation, planting
from petitions.states import NotAllowed, State
from tests.conftest import verdict
from tests.petitions.importing.conftest import ARTICLE, MARKDOWN, PAGE


def seed(text: str, name: str = "a.txt") -> SeedFile:
    return SeedFile(f"seeds/{name}", name, shapes.read(text, suffix=name[-4:].lstrip("a")))


def planted(text: str, name: str = "a.txt") -> Petition:
    (outcome,) = planting.plant(files=[seed(text, name)])
    return Petition.objects.with_text().get(pk=outcome.petition.pk)


@pytest.mark.django_db
def test_a_page_becomes_a_published_petition():
    petition = planted(f"{PAGE}\nImport topic: animals")
    assert (petition.state, petition.slug) == (
        State.PUBLISHED,
        f"let-the-swifts-nest-on-the-town-hall-{petition.pk}",
    )
    assert petition.progress.sentence == "0 have signed. Let’s get to 100!"
    assert (petition.starter, petition.starter_name) == (None, "Carol Singer")
    assert (petition.decision_maker_name, petition.topic.slug) == ("Mayor of Tessel", "animals")
    assert petition.ask == petition.snippet == "Leave twenty holes open in the town hall’s new front."
    assert petition in Petition.objects.open()


@pytest.mark.django_db
def test_claims_are_kept_and_never_counted():
    petition = planted(PAGE.replace("0 have signed", "1,234 have signed"))
    assert (petition.seed.claimed_signatures, petition.seed.claimed_supporters) == (1234, 50)
    assert (petition.tally.signatures, Delta.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_it_remembers_where_a_petition_is_from():
    kept = planted(f"{ARTICLE}\nImport note: Retold.", "news.txt").seed
    assert (kept.shape, kept.source, kept.note) == ("article", "news.txt", "Retold.")
    assert (kept.caption, kept.needs_ask) == ("Swifts above the town hall (Tessel Gazette)", True)
    assert kept.imported_at is not None


@pytest.mark.django_db
def test_a_named_source_goes_before_the_file_name():
    assert planted(MARKDOWN.replace("title", "source: Archive\ntitle"), "a.md").seed.source == "Archive"


@pytest.mark.django_db
def test_the_first_move_is_the_import(alice):
    petition = planted(PAGE)
    move = Transition.objects.get()
    assert (move.source, move.target, move.actor) == (State.DRAFT, State.PUBLISHED, None)
    assert (move.petition, move.version) == (petition, petition.version)
    assert petition.published_at is not None


@pytest.mark.django_db
def test_the_text_is_frozen():
    version = planted(PAGE).version
    assert version.frozen_at is not None
    assert (version.number, version.author) == (1, None)


@pytest.mark.django_db
def test_a_capture_is_shown_and_never_interpreted():
    version = planted(PAGE.replace("The new front", "<b>The</b> *new* [front](http://x.example)")).version
    assert version.format == Version.Format.PLAIN
    assert "<p>&lt;b&gt;The&lt;/b&gt; *new* [front](http://x.example) has none.</p>" in version.body_html


@pytest.mark.django_db
def test_markdown_is_shown_as_markdown():
    version = planted(MARKDOWN.replace("warm", "*warm* <script>"), "a.md").version
    assert version.format == Version.Format.MARKDOWN
    assert version.body_html == "<p>The baths are <em>warm</em> &lt;script&gt;.</p>\n"


@pytest.mark.django_db
def test_an_article_waits_and_cannot_be_approved(bob):
    petition = planted(ARTICLE)
    assert (petition.state, petition.ask, petition.published_at) == (State.SUBMITTED, "", None)
    with pytest.raises(NotAllowed):
        moderation.approve(petition=petition, verdict=verdict(petition, bob))


@pytest.mark.django_db
def test_moderators_hear_of_what_waits(bob):
    planted(ARTICLE)
    assert Message.objects.get().kind == "moderation-waiting"


@pytest.mark.django_db
def test_nobody_hears_of_what_is_published(bob):
    planted(PAGE)
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_one_decision_maker_serves_several():
    planting.plant(
        files=[seed(PAGE), seed(PAGE.replace("swifts", "bats").replace("Mayor of T", "MAYOR OF T"))]
    )
    assert DecisionMaker.objects.get().name == "Mayor of Tessel"


@pytest.mark.django_db
def test_what_was_planted_is_kept_as_it_is():
    petition = planted(PAGE)
    (outcome,) = planting.plant(files=[seed(PAGE.replace("100!", "500!").replace("none", "many"))])
    assert (outcome.created, outcome.petition) == (False, petition)
    assert (outcome.petition.first_goal, Version.objects.count()) == (100, 1)


@pytest.mark.django_db
def test_what_was_taken_down_does_not_return(bob, reason):
    petition = planted(PAGE)
    moderation.take_down(petition=petition, verdict=verdict(petition, bob, reasons=[reason]))
    (outcome,) = planting.plant(files=[seed(PAGE)])
    assert (outcome.created, outcome.petition.state) == (False, State.REMOVED)


@pytest.mark.django_db
def test_what_was_deleted_does_not_return():
    planted(PAGE)
    delete_for_good(Petition.objects.get())
    (outcome,) = planting.plant(files=[seed(PAGE)])
    assert (outcome.created, outcome.petition) == (False, None)
    assert (Petition.objects.count(), Seed.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_to_foresee_writes_nothing():
    kept = planted(PAGE)
    seen = planting.foresee(files=[seed(PAGE), seed(ARTICLE)])
    assert [(each.created, each.petition) for each in seen] == [(False, kept), (True, None)]
    assert Petition.objects.count() == 1


@pytest.mark.django_db
def test_it_plants_all_or_none(monkeypatch):
    def fail() -> int:
        raise RuntimeError

    monkeypatch.setattr("petitions.services.alerting.alert_moderators", fail)
    with pytest.raises(RuntimeError):
        planting.plant(files=[seed(PAGE), seed(ARTICLE)])
    assert (Petition.objects.count(), Seed.objects.count(), DecisionMaker.objects.count()) == (0, 0, 0)


def several(word: str, number: int) -> list[SeedFile]:
    """Return so many seeds, of all three shapes in turns and none like another."""
    texts = ((PAGE, "a.txt"), (ARTICLE, "a.txt"), (MARKDOWN, "a.md"))
    return [
        seed(text.replace("wifts", f"wifts {word}{each}").replace("baths", f"baths {word}{each}"), name)
        for each, (text, name) in zip(range(number), cycle(texts), strict=False)
    ]


@pytest.mark.django_db
def test_many_take_as_many_statements_as_few():
    with CaptureQueriesContext(connection) as few:
        planting.plant(files=several("a", 6))
    with CaptureQueriesContext(connection) as more:
        planting.plant(files=several("b", 60))
    assert len(more) == len(few)
    assert Petition.objects.count() == 66


@pytest.mark.django_db
def test_portions_make_one_run(monkeypatch):
    monkeypatch.setattr(planting, "PORTION", 4)
    outcomes = planting.plant(files=several("a", 9))
    assert [each.file.found.title for each in outcomes] == [
        each.petition.title for each in outcomes if each.petition
    ]
    assert len(set(Petition.objects.values_list("submitted_at", flat=True))) == 1
    published = Petition.objects.filter(state=State.PUBLISHED)
    assert set(published.values_list("published_at", flat=True)) == {outcomes[0].petition.published_at}
    assert Transition.objects.count() == Version.objects.count() == 9


@pytest.mark.django_db
def test_a_fault_in_a_later_portion_leaves_nothing(monkeypatch):
    monkeypatch.setattr(planting, "PORTION", 2)
    files = several("a", 5)
    broken = replace(files[4], found=replace(files[4].found, starter_name="x" * 999))
    with pytest.raises(DataError), transaction.atomic():
        planting.plant(files=[*files[:4], broken])
    assert (Petition.objects.count(), Seed.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_what_is_planted_is_found_and_offered():
    planting.plant(files=several("a", 3))
    assert set(SearchEntry.objects.values_list("petition", flat=True)) == set(
        Petition.objects.filter(state=State.PUBLISHED).values_list("pk", flat=True)
    )
    assert DecisionMaker.objects.get().listed


@pytest.mark.django_db
def test_who_is_named_in_a_text_that_waits_is_not_offered_yet():
    found = replace(seed(PAGE).found, state=State.SUBMITTED)
    planting.plant(files=[SeedFile("a.txt", "a.txt", found)])
    assert not DecisionMaker.objects.get().listed


@pytest.mark.django_db
def test_each_move_is_told_of():
    told = []
    listener = lambda petition, transition, **_: told.append((petition.pk, transition.target))  # noqa: E731
    events.moved.connect(listener)
    outcomes = planting.plant(files=several("a", 3))
    events.moved.disconnect(listener)
    assert told == [(each.petition.pk, each.file.found.state) for each in outcomes]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_imports_at_once_plant_each_petition_once():
    barrier = Barrier(4)

    def one_import() -> list[bool]:
        barrier.wait()
        try:
            return [each.created for each in planting.plant(files=[seed(PAGE), seed(ARTICLE)])]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = [each.result() for each in [pool.submit(one_import) for _ in range(4)]]
    assert sorted(results) == [[False, False]] * 3 + [[True, True]]
    assert Petition.objects.count() == Seed.objects.count() == 2


def delete_for_good(petition: Petition) -> None:
    """Delete it as somebody with the keys of the database would; the site itself only takes down."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE petitions_transition DISABLE TRIGGER transition_append_only")
        cursor.execute("DELETE FROM petitions_transition")
        cursor.execute("ALTER TABLE petitions_transition ENABLE TRIGGER transition_append_only")
    Petition.objects.filter(pk=petition.pk).update(version=None, state=State.DRAFT, published_at=Now())
    petition.refresh_from_db()
    petition.delete()
