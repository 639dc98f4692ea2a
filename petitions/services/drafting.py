"""What a starter does before anybody else reads: start, revise, submit, throw away."""

from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import LONGEST_NAME, User
from lib.retry import retried
from lib.text import clean_line, clean_text, slug_for
from petitions import emails, markdown
from petitions.goals import FIRST_GOAL_DEFAULT
from petitions.models import DecisionMaker, Petition, Tally, Topic, Transition, Version
from petitions.services import alerting
from petitions.services.moves import locked, move
from petitions.states import Actor, NotAllowed, State

# More than anybody writes at once by hand; it bounds what a script can leave behind.
OPEN_DRAFTS_AT_MOST = 10
# Each one is read by a person, and nobody's petitions may crowd out the others' in the queue.
SUBMISSIONS_A_DAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Draft:
    """What a starter has typed; everything but the title may still be missing."""

    title: str
    ask: str = ""
    body: str = ""
    decision_maker: str = ""
    topic: Topic | None = None
    first_goal: int = FIRST_GOAL_DEFAULT
    language: str = "en"
    starter_name: str = ""

    def tidied(self) -> "Draft":
        """Return the same words as they are stored."""
        return replace(
            self,
            title=clean_line(self.title),
            ask=clean_line(self.ask),
            body=clean_text(self.body),
            decision_maker=clean_line(self.decision_maker),
            starter_name=clean_line(self.starter_name),
        )

    def fingerprint(self) -> str:
        """Return what tells one wording from another; case does not count in a decision maker's name."""
        same = replace(self.tidied(), decision_maker=clean_line(self.decision_maker).casefold(), topic=None)
        return sha256(repr((astuple(same), self.topic and self.topic.pk)).encode()).hexdigest()[:16]


class Incomplete(Exception):
    """The draft cannot be submitted yet; `missing` names the fields of the start form."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class Changed(Exception):
    """The words that are kept are no longer those that this form was made from; nothing was written."""

    def __init__(self, petition: Petition) -> None:
        super().__init__(petition.slug)
        self.petition = petition


@retried
@transaction.atomic
def start(*, starter: User, draft: Draft, request_key: UUID) -> Petition:
    """Keep a new draft. The same form sent twice makes one; sent again with other words it raises Changed."""
    _take_turn(starter)
    known = starter.petitions.with_text().filter(request_key=request_key).first()
    if known and draft_of(known).fingerprint() == draft.fingerprint():
        return known
    if known and known.is_editable:
        raise Changed(known)
    _refuse_too_many_drafts(starter)
    petition = Petition.objects.create(
        starter=starter, slug=uuid4().hex, request_key=uuid4() if known else request_key
    )
    Tally.objects.create(petition=petition)
    _write(petition, draft.tidied(), author=starter)
    return petition


@retried
@transaction.atomic
def revise(*, petition: Petition, draft: Draft, basis: str = "") -> Petition:
    """Replace the text of a draft, or of one that was sent back; what was submitted before stays as a version.

    `basis` is the fingerprint of the words that the starter had before them; if others were kept meanwhile,
    it raises Changed.
    """
    petition = locked(petition)
    if not petition.is_editable:
        raise NotAllowed(_("This petition has been sent; its text can’t be changed now."))
    kept = draft_of(petition).fingerprint()
    if basis and kept not in (basis, draft.fingerprint()):
        raise Changed(petition)
    _write(petition, draft.tidied(), author=petition.starter)
    return petition


@retried
@transaction.atomic
def submit(*, petition: Petition, starter: User, basis: str = "") -> Transition:
    """Freeze the text and send it to the moderators; the starter gets a receipt.

    `basis` is the fingerprint of the words that the starter has read, as in `revise`.
    """
    _take_turn(starter)
    petition = locked(petition)
    insist_on_starter(petition, starter)
    if petition.is_editable and (missing := missing_fields(petition)):
        raise Incomplete(missing)
    if basis and basis != draft_of(petition).fingerprint():
        raise Changed(petition)
    _refuse_too_many_returns(petition)
    _refuse_too_many_submissions(starter)
    freeze(petition.version)
    transition = move(petition=petition, target=State.SUBMITTED, actor=Actor.STARTER, by=starter)
    emails.petition_submitted(petition, transition)
    alerting.alert_moderators()
    return transition


@retried
@transaction.atomic
def delete(*, petition: Petition) -> None:
    """Throw away a draft that nobody else has read."""
    petition = locked(petition)
    if petition.state != State.DRAFT:
        raise NotAllowed(_("Only a draft can be deleted."))
    petition.version = None
    petition.save(update_fields=["version"])
    petition.delete()


def insist_on_starter(petition: Petition, person: User) -> None:
    """Raise NotAllowed where this is not the petition's starter."""
    if petition.starter_id != person.pk:
        raise NotAllowed(_("This is somebody else’s petition."))


def draft_of(petition: Petition) -> Draft:
    """Return the petition's present words and choices as its starter typed them."""
    return Draft(
        title=petition.title,
        ask=petition.ask,
        body=petition.version.body if petition.version else "",
        decision_maker=petition.decision_maker_name,
        topic=petition.topic,
        first_goal=petition.first_goal,
        language=petition.language,
        starter_name=petition.starter_name,
    )


def missing_fields(petition: Petition) -> list[str]:
    """Return the start form's fields that must be filled before a draft can be submitted."""
    version = petition.version
    present = {
        "title": bool(version and version.title),
        "decision_maker": bool(petition.decision_maker_name),
        "ask": bool(petition.ask) or not petition.needs_ask,
        "body": bool(version and version.body),
        "topic": petition.topic_id is not None,
        "starter_name": bool(petition.starter_name),
    }
    return [name for name, is_there in present.items() if not is_there]


def resubmissions_left(petition: Petition) -> int:
    """Return how many times its starter may still send it again after a request for changes."""
    returns = petition.transitions.filter(source=State.CHANGES_REQUESTED, target=State.SUBMITTED).count()
    return max(0, settings.RESUBMISSIONS_MAX - returns)


def write_version(petition: Petition, draft: Draft, *, form: str, author: User | None) -> Version:
    """Store the words: in place while nobody else has read them, else as the next version."""
    version = petition.version
    if version is None or version.frozen_at:
        latest = petition.versions.aggregate(number=Max("number"))["number"] or 0
        version = Version(petition=petition, number=latest + 1)
    put_into_words(version, draft, form=form)
    version.author, version.decision_maker = author, _decision_maker(clean_line(draft.decision_maker))
    version.save()
    return version


def put_into_words(version: Version, draft: Draft, *, form: str) -> None:
    """Set what a version says and how it is shown, but for its decision maker; nothing is stored."""
    version.title, version.ask = clean_line(draft.title), clean_line(draft.ask)
    version.body, version.format = clean_text(draft.body), form
    plain = form == Version.Format.PLAIN
    version.body_html = markdown.paragraphs(version.body) if plain else markdown.to_html(version.body)
    version.snippet = version.ask or markdown.snippet(version.body_html)


def freeze(version: Version | None) -> None:
    """Let nobody write over this wording any more."""
    if version:
        Version.objects.filter(pk=version.pk, frozen_at__isnull=True).update(frozen_at=Now())


def _take_turn(starter: User) -> None:
    """Let one request of a person after the other count what they have; other rows may still point to them."""
    User.objects.select_for_update(no_key=True).get(pk=starter.pk)


def _refuse_too_many_drafts(starter: User) -> None:
    if starter.petitions.filter(state=State.DRAFT).count() < OPEN_DRAFTS_AT_MOST:
        return
    text = ngettext(
        "You have %(count)d draft already, and that is as many as we keep. Send it or delete it, then save this.",
        "You have %(count)d drafts already, and that is as many as we keep. Send or delete one, then save this.",
        OPEN_DRAFTS_AT_MOST,
    )
    raise NotAllowed(text % {"count": OPEN_DRAFTS_AT_MOST})


def _refuse_too_many_submissions(starter: User) -> None:
    sent = Transition.objects.filter(actor=starter, target=State.SUBMITTED, at__gt=Now() - DAY)
    if sent.filter(petition__starter=starter).count() < SUBMISSIONS_A_DAY:
        return
    text = ngettext(
        "You have sent %(count)d petition since yesterday at this time. The text is kept; send it tomorrow.",
        "You have sent %(count)d petitions since yesterday at this time. The text is kept; send it tomorrow.",
        SUBMISSIONS_A_DAY,
    )
    raise NotAllowed(text % {"count": SUBMISSIONS_A_DAY})


def _refuse_too_many_returns(petition: Petition) -> None:
    if petition.state != State.CHANGES_REQUESTED or resubmissions_left(petition):
        return
    text = ngettext(
        "You have sent this petition again %(count)d time, and that is as often as moderators read it again. "
        "The text is kept; you can use it in a new petition.",
        "You have sent this petition again %(count)d times, and that is as often as moderators read it again. "
        "The text is kept; you can use it in a new petition.",
        settings.RESUBMISSIONS_MAX,
    )
    raise NotAllowed(text % {"count": settings.RESUBMISSIONS_MAX})


def _write(petition: Petition, draft: Draft, *, author: User | None) -> None:
    petition.version = write_version(petition, draft, form=Version.Format.MARKDOWN, author=author)
    petition.slug = slug_for(petition.version.title, petition.pk)
    petition.topic, petition.first_goal, petition.language = draft.topic, draft.first_goal, draft.language
    petition.starter_name = draft.starter_name
    petition.save(update_fields=["version", "slug", "topic", "first_goal", "language", "starter_name"])
    if author:
        _remember_name(author, draft.starter_name)


def _remember_name(person: User, name: str) -> None:
    """Somebody who has chosen no name yet is called as they call themselves here."""
    if not person.name and len(name) <= LONGEST_NAME:
        User.objects.filter(pk=person.pk, name="").update(name=name)


def _decision_maker(name: str) -> DecisionMaker | None:
    if not name:
        return None
    # Compared as the unique constraint compares, so that its index serves and no other spelling slips through.
    known = DecisionMaker.objects.alias(key=Lower("name")).filter(key=Lower(Value(name)))
    if not known.exists():
        DecisionMaker.objects.bulk_create([DecisionMaker(name=name)], ignore_conflicts=True)
    return known.get()
