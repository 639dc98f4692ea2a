"""Removals by a saved question: counted first, then worked off in batches that can stop and go on anywhere, and undone."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from petitions.models import Petition
from petitions.states import NotAllowed
from signatures import roles
from signatures.models import Removal, Signature, Stage
from signatures.services import removal_statements

BATCH = 500
# Less than the beat’s period: a worker is never busy with this alone, and two seldom meet.
SECONDS = 1.5


@dataclass(frozen=True)
class Question:
    """What signatures have in common; None and empty ask for nothing."""

    petition: Petition | None = None
    domains: tuple[str, ...] = ()
    network: bytes | None = None
    asked_from: datetime | None = None
    asked_before: datetime | None = None
    name_pattern: str = ""


def why_not(*, removal: Removal, by: User) -> str:
    """Return the sentence that says why this person does not decide on the removal, or an empty one."""
    if removal.petition is not None:
        return roles.why_not(by, removal.petition)
    own = list(Petition.objects.filter(starter=by).values_list("pk", flat=True))
    if not own or not _takes_from(removal, own):
        return ""
    return _("Some of these are signatures of a petition that you started; another moderator has to decide.")


@transaction.atomic
def prepare(*, question: Question, kind: str, note: str, by: User) -> Removal:
    """Save the question and count what fits; nothing is removed before somebody starts it."""
    roles.require(by, roles.REMOVE)
    removal = Removal(
        petition=question.petition,
        domains=list(question.domains),
        network=question.network,
        asked_from=question.asked_from,
        asked_before=question.asked_before,
        name_pattern=question.name_pattern,
        kind=kind,
        note=note,
        made_by=by,
    )
    _require_others(removal, by)
    removal.counted = Signature.objects.caught_by(removal).count()
    removal.save()
    return removal


@transaction.atomic
def recount(*, removal: Removal, by: User) -> Removal:
    """Count again what fits a question that is not started."""
    current = _locked(removal, by, Stage.COUNTED)
    current.counted, current.counted_at = Signature.objects.caught_by(current).count(), Now()
    return _saved(current)


@transaction.atomic
def start(*, removal: Removal, by: User) -> Removal:
    """Let a worker remove what fits; what is confirmed from now on stays."""
    current = _locked(removal, by, Stage.COUNTED)
    current.stage, current.started_at = Stage.RUNNING, Now()
    return _saved(current)


@transaction.atomic
def cancel(*, removal: Removal, by: User) -> Removal:
    """End it before it is done; what was removed by then stays removed until it is undone."""
    current = _locked(removal, by, Stage.COUNTED, Stage.RUNNING)
    current.stage, current.ended_at = Stage.CANCELLED, Now()
    return _saved(current)


@transaction.atomic
def undo(*, removal: Removal, by: User) -> Removal:
    """Let a worker put back what it took and nobody else has put back."""
    current = _locked(removal, by, Stage.DONE, Stage.CANCELLED)
    if not current.can_be_undone:
        raise NotAllowed(_("Nothing is left to put back."))
    current.stage = Stage.UNDOING
    return _saved(current)


def carry_on(*, seconds: float = SECONDS) -> int:
    """Work off batches for so long, at least one, and return how many signatures were moved."""
    moved, until = 0, time.monotonic() + seconds
    while (step := _next_batch()) is not None:
        moved += step
        if time.monotonic() >= until:
            break
    return moved


@transaction.atomic
def _next_batch() -> int | None:
    """Move one batch and the cursor in the same transaction; None when nothing is to be done."""
    removal_statements.one_step_at_a_time()
    removal = Removal.objects.moving().select_for_update(no_key=True).first()
    if removal is None:
        return None
    moved = _take_some(removal) if removal.stage == Stage.RUNNING else _put_some_back(removal)
    removal.save()
    return moved


def _take_some(removal: Removal) -> int:
    """Take the next ones. What was committed late behind the cursor is met by going through again until none is left."""
    ahead = Signature.objects.caught_by(removal).filter(pk__gt=removal.cursor)
    found = _first_of(ahead)
    if not found and not removal.cursor:
        removal.stage, removal.ended_at = Stage.DONE, Now()
    removal.cursor = found[-1] if found else 0
    taken = len(removal_statements.take(found, removal))
    removal.taken += taken
    return taken


def _put_some_back(removal: Removal) -> int:
    found = _first_of(Signature.objects.filter(removal=removal))
    if not found:
        removal.stage, removal.undone_at = Stage.UNDONE, Now()
    back = len(removal_statements.put_back(found, removal))
    removal.put_back += back
    return back


def _first_of(signatures: QuerySet[Signature]) -> list[int]:
    locked = signatures.select_for_update(no_key=True).order_by("pk")
    return list(locked.values_list("pk", flat=True)[:BATCH])


def _locked(removal: Removal, by: User, *stages: Stage) -> Removal:
    """Return the row as it is now, or say to people that it is not in one of these stages any more."""
    roles.require(by, roles.REMOVE)
    current = Removal.objects.select_for_update(no_key=True).get(pk=removal.pk)
    if current.stage not in stages:
        raise NotAllowed(
            _("This removal is “%(stage)s” now, so that is no longer possible.")
            % {"stage": current.get_stage_display()}
        )
    _require_others(current, by)
    return current


def _require_others(removal: Removal, by: User) -> None:
    if sentence := why_not(removal=removal, by=by):
        raise NotAllowed(sentence)


def _takes_from(removal: Removal, petitions: list[int]) -> bool:
    """Tell whether it has taken, or would take, signatures of one of these petitions."""
    would_take = removal.stage in {Stage.COUNTED, Stage.RUNNING}
    sets = [Signature.objects.filter(removal=removal.pk)] if removal.pk else []
    sets += [Signature.objects.caught_by(removal)] if would_take else []
    return any(signatures.filter(petition__in=petitions).exists() for signatures in sets)


def _saved(removal: Removal) -> Removal:
    removal.save()
    removal.refresh_from_db()
    return removal
