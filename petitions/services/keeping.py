"""What of the lists to choose from stays as it is once texts or decisions rest on it, and what to do instead."""

from django.utils.translation import gettext as _

from petitions.models import DecisionMaker, Reason


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
    if not reason.given.exists():
        return {}
    return {
        "code": _("It has been given in a decision, so its code stays."),
        "hides": _(
            "Whether everybody can read what was refused for it hangs on “forbids showing the text”, so that stays as "
            "well. Retire it and make a new one instead."
        ),
    }
