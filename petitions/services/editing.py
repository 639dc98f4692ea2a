"""A starter proposes a new wording of a published petition; everybody reads the old one until a moderator accepts."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from lib.retry import retried
from lib.text import clean_text
from petitions import discovery, emails
from petitions.models import Edit, Petition, Version
from petitions.services import drafting, moderation
from petitions.services.drafting import Changed, Draft, Incomplete, draft_of
from petitions.services.moderation import Stale
from petitions.services.moves import locked, offer_decision_maker, text_of
from petitions.states import NotAllowed, State

# What an edit may change; the name, the topic, the language and the first goal stay as they were signed under.
WORDS = ("title", "decision_maker", "ask", "body")
# Each one is read by a person.
PROPOSALS_A_DAY = 5
DAY = timedelta(days=1)


def obstacle(petition: Petition, person: User) -> str:
    """Return the sentence that says why this person can't propose a new wording now, or an empty one."""
    if petition.starter_id != person.pk:
        return _("This is somebody else’s petition.")
    if petition.state != State.PUBLISHED:
        return _("A new wording can be proposed while a petition is published.")
    if petition.edits.open().exists():
        return _("Your last proposal is with the moderators. Take it back if you want to propose another.")
    return ""


@retried
@transaction.atomic
def propose(*, petition: Petition, starter: User, draft: Draft, basis: str = "") -> Edit:
    """Send a new wording to the moderators; of the draft its words are taken and nothing else.

    `basis` is the fingerprint of the words that the starter had before them, as in `drafting.revise`.
    """
    petition, draft = locked(petition), draft.tidied()
    if sentence := obstacle(petition, starter):
        raise NotAllowed(sentence)
    if basis and basis != draft_of(petition).fingerprint():
        raise Changed(petition)
    _insist_on_words(petition, draft)
    _refuse_too_many(starter)
    shown = text_of(petition)
    version = drafting.write_version(petition, draft, form=Version.Format.MARKDOWN, author=starter)
    drafting.freeze(version)
    return Edit.objects.create(petition=petition, version=version, basis=shown, author=starter)


def why_not(person: User, edit: Edit) -> str:
    """Return the sentence that says why this person can't decide on this edit, or an empty one."""
    if not moderation.may_decide(person):
        return _("You may not decide on petitions.")
    if person.pk in {edit.author_id, edit.petition.starter_id}:
        return _("You started this petition; another moderator has to decide.")
    return ""


def is_outdated(edit: Edit) -> str:
    """Return the sentence that says why an open edit can be declined only, or an empty one."""
    petition = edit.petition
    if petition.state != State.PUBLISHED:
        state = {"state": petition.get_state_display()}
        return _("Meanwhile this petition has become “%(state)s”, so its wording stays.") % state
    if petition.version_id != edit.basis_id:
        return _("Meanwhile its published wording has changed, so this one would undo that. Decline it.")
    return ""


@retried
@transaction.atomic
def accept(*, edit: Edit, moderator: User, note: str = "") -> Edit:
    """Show the new wording from now on; the address stays, and each signature points to the wording it signed."""
    edit = _undecided(edit, moderator)
    if sentence := is_outdated(edit):
        raise Stale(sentence)
    petition = edit.petition
    petition.version = edit.version
    petition.save(update_fields=["version"])
    offer_decision_maker(petition)
    discovery.index(petition)
    _decide(edit, moderator, accepted=True, note=clean_text(note))
    emails.edit_accepted(edit)
    return edit


@retried
@transaction.atomic
def decline(*, edit: Edit, moderator: User, note: str) -> Edit:
    """Keep the wording that is shown and tell the starter why; they may propose another."""
    edit = _undecided(edit, moderator)
    if not clean_text(note):
        raise NotAllowed(_("Tell the starter why the wording stays."))
    _decide(edit, moderator, accepted=False, note=clean_text(note))
    emails.edit_declined(edit)
    return edit


@retried
@transaction.atomic
def take_back(*, edit: Edit, starter: User) -> Edit:
    """Let its starter withdraw a proposal that nobody has decided on."""
    edit = _open(edit)
    drafting.insist_on_starter(edit.petition, starter)
    edit.taken_back_at = Now()
    edit.save(update_fields=["taken_back_at"])
    edit.refresh_from_db(fields=["taken_back_at"])
    return edit


def _insist_on_words(petition: Petition, draft: Draft) -> None:
    needed = WORDS if petition.needs_ask else ("title", "decision_maker", "body")
    if missing := [name for name in needed if not getattr(draft, name)]:
        raise Incomplete(missing)
    published = draft_of(petition).tidied()
    if all(getattr(draft, name) == getattr(published, name) for name in WORDS):
        raise NotAllowed(_("These are the words that are published. Change something, then send it."))


def _refuse_too_many(starter: User) -> None:
    if Edit.objects.filter(author=starter, proposed_at__gt=Now() - DAY).count() < PROPOSALS_A_DAY:
        return
    text = ngettext(
        "You have proposed %(count)d new wording since yesterday at this time. Please send this one tomorrow.",
        "You have proposed %(count)d new wordings since yesterday at this time. Please send this one tomorrow.",
        PROPOSALS_A_DAY,
    )
    raise NotAllowed(text % {"count": PROPOSALS_A_DAY})


def _open(edit: Edit) -> Edit:
    """Lock the petition and return its edit, if nobody has decided on it meanwhile."""
    petition = locked(edit.petition)
    edit = Edit.objects.for_lists().get(pk=edit.pk)
    edit.petition = petition
    if edit.taken_back_at:
        raise Stale(_("Meanwhile its starter has taken this proposal back."))
    if edit.accepted is not None:
        outcome = _("accepted") if edit.accepted else _("declined")
        raise Stale(_("Meanwhile this proposal was %(outcome)s.") % {"outcome": outcome})
    return edit


def _undecided(edit: Edit, moderator: User) -> Edit:
    edit = _open(edit)
    if sentence := why_not(moderator, edit):
        raise NotAllowed(sentence)
    return edit


def _decide(edit: Edit, moderator: User, *, accepted: bool, note: str) -> None:
    edit.decider, edit.decided_at, edit.accepted, edit.note = moderator, Now(), accepted, note
    edit.save(update_fields=["decider", "decided_at", "accepted", "note"])
    edit.refresh_from_db(fields=["decided_at"])
