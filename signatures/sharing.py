"""The words that a signer may pass on: what is true of this petition now, in the language of the page."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from petitions.cards import first_name
from petitions.models import Petition


@dataclass(frozen=True)
class Invitation:
    """Words and address, apart and as a mail to write."""

    title: str
    words: str
    address: str

    @property
    def mail(self) -> str:
        """A link that opens the signer's own mail program with the words in it."""
        body = f"{self.words}\n\n{self.address}"
        return f"mailto:?subject={quote(self.title)}&body={quote(body)}"


def invitation(petition: Petition) -> Invitation:
    """Return what to write to a friend: who asks, for what, and how many have joined."""
    address = f"{settings.SITE_URL}{petition.get_absolute_url()}"
    words = f"{_who_asks(petition)} {_who_joined(petition)}"
    return Invitation(petition.title, words, address)


def _who_asks(petition: Petition) -> str:
    named = {"name": first_name(petition.starter_name), "title": petition.title}
    if named["name"]:
        return _("%(name)s needs your help with “%(title)s”.") % named
    return _("“%(title)s” needs your help.") % named


def _who_joined(petition: Petition) -> str:
    count = petition.progress.signatures
    values = {"name": first_name(petition.starter_name), "count": number_format(count, force_grouping=True)}
    if not count:
        return _("Be the first to sign.")
    if values["name"]:
        return (
            ngettext(
                "Join %(name)s and %(count)s supporter today.",
                "Join %(name)s and %(count)s supporters today.",
                count,
            )
            % values
        )
    return ngettext("Join %(count)s supporter today.", "Join %(count)s supporters today.", count) % values
