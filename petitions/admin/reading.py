"""What a moderator reads before deciding: the text, hints, similar ones, the difference, the starter, the record."""

from typing import Any

from django.db.models import Count, Prefetch, Window

from accounts.models import User
from lib import clock
from petitions import desk, differences, hints, similar
from petitions.admin import pages, timeline, views_bar
from petitions.models import Petition, Transition, Version
from petitions.services import noting, opening
from petitions.states import State

# How many of a starter's other petitions are listed.
OTHERS = 10


def of(petition: Petition, reader: User) -> dict[str, Any]:
    """Return all that there is to read; internal words are left out where the reader is the starter."""
    version, record = pages.sent_in(petition), timeline.of(petition)
    is_waiting = petition.state == State.SUBMITTED and petition.submitted_at is not None
    return {
        "version": version,
        "language": petition.language_tag,
        "age": desk.age_of(petition.submitted_at, clock.now())
        if is_waiting and petition.submitted_at
        else None,
        "record": record.entries,
        "waiting_objection": next((each for each in record.objections if each.upheld is None), None),
        "waiting_edit": next((each for each in record.edits if each.is_open), None),
        **_others(petition),
        **_inside(petition, reader),
        **(_about(petition, version, record) if version else {}),
    }


def text_of(version: Version, petition: Petition) -> hints.Text:
    """Return the words of a version of this petition, and whose it is, for the hints."""
    return hints.Text(
        version.title,
        version.ask,
        version.body,
        version.body_html,
        petition.language,
        decision_maker=version.decision_maker.name if version.decision_maker else "",
        starter_name=petition.starter_name,
    )


def difference(record: timeline.Record, version: Version) -> dict[str, Any] | None:
    """Return what has changed since the last other wording that was decided on, or nothing where there is none."""
    decided = record.last_wording_before(version)
    if decided is None:
        return None
    before = Version.objects.select_related("decision_maker").get(pk=decided[0])
    return {"changes": differences.between(before, version), "number": before.number, "at": decided[1]}


def _about(petition: Petition, version: Version, record: timeline.Record) -> dict[str, Any]:
    return {
        "hints": hints.hints_for(text_of(version, petition)),
        "similar": similar.similar_to(petition, version),
        "difference": difference(record, version),
    }


def _inside(petition: Petition, reader: User) -> dict[str, Any]:
    """Return what moderators tell one another, for those who may know it."""
    if not noting.may_read(reader, petition):
        return {"may_note": False}
    return {
        "may_note": True,
        "notes": petition.notes.select_related("author").order_by("-at", "-pk"),
        "openings": opening.others(petition=petition, person=reader),
    }


def _others(petition: Petition) -> dict[str, Any]:
    """Return what else the starter has sent in, each with the decisions on it, the latest first, and how many there are."""
    if petition.starter is None:
        return {}
    decided = Transition.objects.filter(target__in=timeline.DECIDED).order_by("-at", "-pk")
    decisions = Prefetch("transitions", decided.prefetch_related("reasons"), to_attr="decisions")
    others = Petition.objects.for_lists().owned_by(petition.starter).exclude(pk=petition.pk)
    sent = others.exclude(state=State.DRAFT).annotate(of_all=Window(Count("pk")))
    shown: list[Any] = list(sent.order_by("-submitted_at", "-pk").prefetch_related(decisions)[:OTHERS])
    return {
        "others": shown,
        "others_count": shown[0].of_all if shown else 0,
        "others_url": views_bar.list_url(f"starter={petition.starter.pk}"),
    }
