"""What of the lists to choose from stays as it is once something rests on it, and what to do instead."""

from django.utils.translation import gettext as _

from petitions.models import DecisionMaker


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
