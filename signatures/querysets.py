"""What can be asked of signatures."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import User
    from petitions.models import Petition
    from signatures.models import Signature  # noqa: F401 - named in a string below

# A request that nobody confirmed says nothing after two weeks, and the address must not stay.
UNCONFIRMED_FOR = timedelta(days=14)


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Questions about signatures."""

    def confirmed(self) -> Self:
        """Return those that count."""
        return self.filter(state="confirmed")

    def for_lists(self) -> Self:
        """Bring the petition with its title in the same query, without the long texts."""
        related = self.select_related("petition__version")
        return related.defer("petition__version__body", "petition__version__body_html")

    def held(self) -> Self:
        """Return those that wait for a moderator, oldest first."""
        return self.filter(state="held").order_by("asked_at", "pk")

    def of(self, user: "User") -> Self:
        """Return what this person has signed, latest first, withdrawn ones too."""
        return (
            self.filter(user=user)
            .exclude(state="pending")
            .order_by(F("confirmed_at").desc(nulls_first=True), "-pk")
        )

    def shown(self) -> Self:
        """Return those whose people agreed to show their name, latest first."""
        return self.confirmed().filter(public=True).order_by("-confirmed_at", "-pk")

    def with_reason(self) -> Self:
        """Return those that say why, unless a moderator has hidden it."""
        return self.exclude(reason="").filter(reason_hidden_at__isnull=True)

    def wanting_mail(self) -> Self:
        """Return those who asked to be told what happens."""
        return self.confirmed().filter(updates=True)

    def not_by(self, user_id: int | None) -> Self:
        """Return those of everybody but this person."""
        return self if user_id is None else self.exclude(user=user_id)

    def asked_lately(self, *, petition: "Petition", network: bytes, within: timedelta) -> Self:
        """Return what was asked for from this network, by the database's clock."""
        return self.filter(petition=petition, network_hash=network, asked_at__gt=Now() - within)

    def unconfirmed_for_long(self) -> Self:
        """Return the requests whose time to confirm is over, by the database's clock."""
        return self.filter(state="pending", asked_at__lt=Now() - UNCONFIRMED_FOR)
