"""Milestones: the rungs that a petition's tally has reached, and the one announcement a burst makes."""

from signatures.models import Announcement, Milestone


def record(petition_id: int, signatures: int, rungs: list[int]) -> Milestone | None:
    """Record the rungs that are new and announce the highest of them; return it, or None where none is new.

    A rung below one that was announced before is recorded in silence.
    """
    known = set(Milestone.objects.filter(petition=petition_id).values_list("threshold", flat=True))
    new = [rung for rung in rungs if rung not in known]
    if not new:
        return None
    made = Milestone.objects.bulk_create(
        Milestone(petition_id=petition_id, threshold=rung, signatures=signatures) for rung in new
    )
    highest = made[-1]
    if highest.threshold == rungs[-1]:
        Announcement.objects.create(milestone=highest)
    return highest
