"""Which requests a person should look at before they count; nobody is refused by this."""

from datetime import timedelta

from petitions.models import Petition
from signatures.models import Signature

# So many requests from one network for one petition within this time are a lecture hall, or a machine.
CROWD, WITHIN = 50, timedelta(minutes=10)


def is_crowded(*, petition: Petition, network: bytes | None) -> bool:
    """Say whether this network has asked for so many signatures of this petition lately."""
    if network is None:
        return False
    lately = Signature.objects.asked_lately(petition=petition, network=network, within=WITHIN)
    return lately[:CROWD].count() >= CROWD
