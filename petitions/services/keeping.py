"""What of the lists to choose from stays as it is once texts or decisions rest on it, and what to do instead."""

from django.utils.translation import gettext as _

from petitions.models import DecisionMaker, Reason
from petitions.services.moderation import DUPLICATE


def fixed_of_maker(maker: DecisionMaker) -> dict[str, str]:
    """Return what nobody changes of a decision maker any more, each with the sentence that says why."""
    if not maker.versions.filter(frozen_at__isnull=False).exists():
        return {}
    return {
        "name": _(
            "Texts that were sent in are addressed to this name, and people may have signed them, so it stays. To put it "
            "right for one petition, add the right name to this list and choose it under “Correct” on the petition’s page."
        )
    }


def fixed_of_reason(reason: Reason) -> dict[str, str]:
    """Return what nobody changes of a reason any more, each with the sentence that says why."""
    fixed = {}
    if reason.given.exists():
        fixed["code"] = _("It has been given in a decision, so its code stays.")
        fixed["hides"] = _(
            "Whether everybody can read what was refused for it hangs on “forbids showing the text”, so that stays as "
            "well. Retire it and make a new one instead."
        )
    return fixed | ({"code": needed} if (needed := why_needed(reason)) else {})


def why_needed(reason: Reason) -> str:
    """Return the sentence that says why a reason stays even if nobody has given it, or an empty one."""
    if reason.code != DUPLICATE:
        return ""
    return _(
        "This reason is given by its code when a petition is said to repeat another one, so both stay. It may be retired: "
        "untick “may be given”, and nobody is asked for the other petition any more."
    )
