"""The ground itself: it stands, it takes a signature, it mails, it survives what the others will do to it."""

from tests.chaos import visits
from tests.embedded.launching import until


def test_it_signs_and_mails_as_in_production(site):
    petition = site.act("petition", first_goal=3)
    people = site.act("people", number=3)
    replies = site.crowd(
        [visits.sign(petition, each, number=at) for at, each in enumerate(people)], processes=3
    )
    assert [reply.status for reply in replies] == [302] * 3
    site.until_counted()
    until(lambda: len(site.sink.of_kind("milestone-supporter")) == 3, "the mails", 30)


def test_it_comes_back_after_each_part_was_killed(site):
    for part in site.parts:
        part.kill()
    site.revive()
    assert site.get("/healthz").status == 200


def test_its_servers_are_as_durable_as_in_production(site):
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert site.sql(f"SHOW {setting}") == [("on",)], setting
    promised = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}
    assert {name: site.redis().config_get(name)[name] for name in promised} == promised
