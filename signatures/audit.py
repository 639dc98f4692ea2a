"""The promises that signatures keep in the database, each with a query that looks for breaches."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Least, Lower, Now

from lib import audit
from outbox.models import Message
from petitions.goals import reached
from petitions.models import Delta, Petition
from petitions.states import State as PetitionState
from signatures import emails
from signatures.health import ANNOUNCEMENT_ALARM
from signatures.models import SINCE, Announcement, Milestone, Removal, RemovedCount, Signature, State

CONFIRMED_WITHIN = timedelta(hours=24)
# The audit runs daily. Who was deactivated then and is a member again now is not named for ever.
LATELY = timedelta(days=7)
_WHICH = ("milestone", "milestone__petition")


def register() -> None:
    """Let `audit_invariants` prove these."""
    audit.register("signatures: tally and open changes are what a recount finds", find_miscounts)
    audit.register("signatures: one for each mailbox and account on a petition", find_doubles)
    audit.register("signatures: each state has what belongs to it", find_impossible_states)
    audit.register("signatures: none was asked for after the end", find_late_ones)
    audit.register("removals: each has taken, and put back, what it says", find_wrong_removals)
    audit.register("removals: the public numbers are what a recount finds", find_wrong_removed_counts)
    audit.register("milestones: each was reached and is a goal of its petition", find_unreached_milestones)
    audit.register("milestones: each goal that a tally has reached is one", find_missing_milestones)
    audit.register("milestones: nobody has two mails for one", find_repeated_mails)
    audit.register("milestones: everyone who wanted the mail has one", find_forgotten_supporters)
    audit.register("milestones: the starter has a mail for each that was announced", find_forgotten_starters)
    audit.register("milestones: no announcement is stuck", find_stuck_announcements)


def find_miscounts() -> Iterator[str]:
    """Name petitions whose count is not the number of their confirmed signatures."""
    changes = Delta.objects.filter(petition=OuterRef("pk")).values("petition").annotate(sum=Sum("change"))
    confirmed = Signature.objects.confirmed().filter(petition=OuterRef("pk")).values("petition")
    petitions = Petition.objects.annotate(
        shown=F("tally__signatures") + Coalesce(Subquery(changes.values("sum")), Value(0)),
        recounted=Coalesce(Subquery(confirmed.annotate(count=Count("pk")).values("count")), Value(0)),
    )
    wrong = petitions.exclude(shown=F("recounted")).order_by("pk")
    for pk, shown, recounted in wrong.values_list("pk", "shown", "recounted"):
        yield f"petition {pk} shows {shown}, a recount finds {recounted}"


def find_doubles() -> Iterator[str]:
    """Name petitions that somebody has signed twice."""
    for field, whose in (("identity_hash", "mailbox"), ("user", "account")):
        rows = Signature.objects.filter(**{f"{field}__isnull": False}).values("petition", field)
        for row in rows.annotate(count=Count("pk")).filter(count__gt=1).order_by("petition"):
            yield f"petition {row['petition']} has {row['count']} signatures of one {whose}"


def find_impossible_states() -> Iterator[str]:
    """Name signatures that lack what their state needs, or have what it excludes."""
    is_proven = Q(user__isnull=False, confirmed_at__isnull=False)
    impossible = (
        ~Q(state__in=State.values)
        | (Q(state=State.PENDING) & (Q(user__isnull=False) | Q(confirmed_at__isnull=False)))
        | (~Q(state=State.PENDING) & ~is_proven)
        | Q(state=State.WITHDRAWN, withdrawn_at__isnull=True)
        | (Q(state=State.REMOVED) & ~Q(removed_from__in=[State.CONFIRMED, State.HELD]))
        | (Q(state=State.REMOVED) & Q(removal__isnull=True))
        | (~Q(state=State.REMOVED) & Q(removal__isnull=False))
    )
    for pk, state in Signature.objects.filter(impossible).order_by("pk").values_list("pk", "state"):
        yield f"signature {pk} can’t be {state} as it is"


def find_late_ones() -> Iterator[str]:
    """Name signatures that were asked for after their petition ended, or confirmed more than a day after it."""
    closed = Signature.objects.filter(petition__state=PetitionState.CLOSED)
    ended = closed.alias(end=Least("petition__closed_at", "petition__closes_at"))
    late = ended.filter(Q(asked_at__gte=F("end")) | Q(confirmed_at__gte=F("end") + CONFIRMED_WITHIN))
    for pk, petition in late.order_by("pk").values_list("pk", "petition"):
        yield f"signature {pk} came after the end of petition {petition}"


def find_wrong_removals() -> Iterator[str]:
    """Name removals by which more or fewer signatures are removed than they say."""
    removed = Signature.objects.filter(removal=OuterRef("pk")).order_by().values("removal")
    rows = Removal.objects.annotate(
        says=F("taken") - F("put_back"),
        found=Coalesce(Subquery(removed.annotate(count=Count("pk")).values("count")), Value(0)),
    )
    for pk, says, found in rows.exclude(says=F("found")).order_by("pk").values_list("pk", "says", "found"):
        yield f"removal {pk} says {says}, a recount finds {found}"


def find_wrong_removed_counts() -> Iterator[str]:
    """Name petitions that tell the public another number of removed signatures than there is."""
    removed = Signature.objects.filter(state=State.REMOVED).order_by().values("petition", "removal__kind")
    counted = {
        (row["petition"], row["removal__kind"] or "unknown"): row["count"]
        for row in removed.annotate(count=Count("pk"))
    }
    rows = RemovedCount.objects.filter(signatures__gt=0).values_list("petition", "kind", "signatures")
    told = {(petition, kind): number for petition, kind, number in rows}
    for petition, kind in sorted(key for key in counted | told if counted.get(key) != told.get(key)):
        found = counted.get((petition, kind), 0)
        yield f"petition {petition} tells of {told.get((petition, kind), 0)} {kind}, a recount finds {found}"


def find_unreached_milestones() -> Iterator[str]:
    """Name milestones that stand for fewer signatures than they say, or for no goal of their petition."""
    rows = Milestone.objects.order_by("pk").values_list(
        "pk", "petition", "threshold", "signatures", "petition__first_goal"
    )
    for pk, petition, threshold, signatures, first_goal in rows.iterator():
        if threshold not in reached(signatures, first_goal):
            yield f"milestone {pk} of petition {petition}: {threshold} is no goal of it at {signatures}"


def find_missing_milestones() -> Iterator[str]:
    """Name goals that a tally has reached and nobody recorded."""
    known = set(Milestone.objects.values_list("petition", "threshold"))
    signed = Petition.objects.filter(tally__signatures__gt=0).order_by("pk")
    for pk, signatures, first_goal in signed.values_list("pk", "tally__signatures", "first_goal").iterator():
        for rung in reached(signatures, first_goal):
            if (pk, rung) not in known:
                yield f"petition {pk} has {signatures} signatures and no milestone at {rung}"


def find_repeated_mails() -> Iterator[str]:
    """Name milestones of which one mailbox was told twice."""
    # Old mails no longer say to whom they went.
    mails = Message.objects.filter(kind=emails.MILESTONE_SUPPORTER).exclude(to_address="")
    mailboxes = mails.values("context__milestone", mailbox=Lower("to_address")).annotate(count=Count("pk"))
    for row in mailboxes.filter(count__gt=1).order_by("context__milestone"):
        yield f"milestone {row['context__milestone']} has {row['count']} mails to one mailbox"


def find_forgotten_supporters() -> Iterator[str]:
    """Name supporters who wanted to be told before a milestone was reached, and were not once all mails were written."""
    done = Announcement.objects.filter(done_at__isnull=False).select_related("milestone__petition")
    for announcement in done.order_by("pk").iterator():
        for pk in _untold(announcement.milestone).values_list("pk", flat=True):
            yield f"milestone {announcement.milestone_id}: signature {pk} wanted a mail and has none"


def find_forgotten_starters() -> Iterator[str]:
    """Name milestones announced in the last days without a mail to the starter.

    Whoever was given an imported petition may not have been its starter then.
    """
    told = Message.objects.filter(dedupe_key=Concat(Value(f"{emails.MILESTONE_STARTER}:"), OuterRef("key")))
    done = Announcement.objects.filter(
        done_at__gt=Now() - LATELY, milestone__petition__starter__is_active=True
    )
    started = done.filter(milestone__petition__seed__isnull=True).alias(key=Cast("milestone_id", CharField()))
    for number, petition in started.filter(~Exists(told)).order_by("pk").values_list(*_WHICH):
        yield f"milestone {number} of petition {petition}: the starter has no mail"


def find_stuck_announcements() -> Iterator[str]:
    """Name announcements that have been due for longer than one ever waits for its turn."""
    stuck = Announcement.objects.open().annotate(since=SINCE).filter(since__lt=Now() - ANNOUNCEMENT_ALARM)
    for pk, number, petition, since in stuck.order_by("pk").values_list("pk", *_WHICH, "since"):
        yield f"announcement {pk} (milestone {number} of petition {petition}) has been due since {since:%Y-%m-%d %H:%M:%S}"


def _untold(milestone: Milestone) -> QuerySet[Signature]:
    wanting = Signature.objects.wanting_mail().not_by(milestone.petition.starter_id)
    since = wanting.filter(petition=milestone.petition_id, changed_at__lt=milestone.reached_at)
    key = Concat(Value(emails.supporter_key(milestone, "")), Cast("pk", CharField()))
    return since.alias(key=key).filter(~Exists(Message.objects.filter(dedupe_key=OuterRef("key"))))
