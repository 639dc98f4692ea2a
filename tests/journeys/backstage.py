"""Behind the scenes of a running site: people, petitions and signatures that a journey starts from.

Runs in a process of its own in the site's environment, and does what it is told line by line, by the services.
"""

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.test import Client

from accounts.models import User
from petitions.models import Petition, Reason, Topic
from petitions.services import drafting, moderation
from petitions.services.drafting import Draft
from petitions.states import State
from signatures import identity
from signatures.models import Signature
from signatures.services import confirming, signing
from signatures.services.signing import Choices, Origin
from tests.conftest import BODY, person, staff, verdict

DECIDE: dict[str, Callable[..., object]] = {
    State.PUBLISHED: moderation.approve,
    State.REJECTED: moderation.reject,
}
BACKEND = "accounts.backend.Backend"


def member(*, email: str, name: str, group: str = "") -> str:
    """Return the key of a new session of somebody, who may be met for the first time."""
    client = Client()
    client.force_login(_known(email, name, group), backend=BACKEND)
    return str(client.cookies["sessionid"].value)


def petition(
    *,
    starter: str,
    title: str,
    state: str = State.SUBMITTED,
    by: tuple[str, ...] = (),
    reason: str = "",
    body: str = BODY,
) -> dict[str, Any]:
    """Write a petition for a member and move it on; `by` is the moderator who decides, `reason` what they give."""
    author = _known(starter, "Alice Miller")
    topic = Topic.objects.get(slug="parks")
    words = {"title": title, "body": body, "decision_maker": "Parks Department"}
    draft = Draft(topic=topic, starter_name=author.name, **words)
    made = drafting.start(starter=author, draft=draft, request_key=uuid4())
    drafting.submit(petition=made, starter=author)
    if state in DECIDE:
        reasons = list(Reason.objects.filter(code=reason))
        DECIDE[state](petition=made, verdict=verdict(made, _known(*by), reasons=reasons))
    return {"pk": made.pk, "path": made.get_absolute_url(), "room": made.get_manage_url()}


def sign(*, number: int, emails: list[str], name: str, reason: str = "", suspicion: str = "") -> int:
    """Let people sign a petition and confirm it, as by the links in their mails; return how many count."""
    made, origin = Petition.objects.get(pk=number), Origin(suspicion=suspicion, language="en")
    said = Choices(name=name, reason=reason, public=True, updates=False)
    for email in emails:
        signing.ask(petition=made, email=email, choices=said, origin=origin, request_key=uuid4())
        mailbox = identity.identity_hash(made.pk, email)
        asked = Signature.objects.get(petition=made, identity_hash=mailbox)
        confirming.confirm(signature=asked, choices=said, language="en")
    return Signature.objects.confirmed().filter(petition=made).count()


def seed(*, title: str) -> str:
    """Return the path of a petition that came from the seeds."""
    return Petition.objects.get(version__title=title).get_absolute_url()


ACTS: dict[str, Callable[..., Any]] = {
    "member": member,
    "petition": petition,
    "sign": sign,
    "seed": seed,
}


def _known(email: str, name: str, group: str = "") -> User:
    found = User.objects.filter(email=email).first()
    return found or (staff(email, name, group) if group else person(email, name))


def serve() -> None:
    """Do one act for each line, and answer with its result or with what went wrong."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"done": ACTS[asked.pop("act")](**asked)}
        except Exception:  # noqa: BLE001 - the journey shows it
            answer = {"failed": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
