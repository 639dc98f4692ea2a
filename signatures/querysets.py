"""What can be asked of signatures."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Lower, Now

from signatures.lookups import like

if TYPE_CHECKING:
    from accounts.models import User
    from petitions.models import Petition
    from signatures.models import Removal, Signature  # noqa: F401 - named in a string below

# A request that nobody confirmed says nothing after two weeks, and the address must not stay.
UNCONFIRMED_FOR = timedelta(days=14)
# So long a hidden reason stays on the desk, so that somebody else sees it too.
SECOND_LOOK = timedelta(days=7)


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

    def standing(self) -> Self:
        """Return those that count or are held: what a moderator can remove."""
        return self.filter(state__in=("confirmed", "held"))

    def shown(self) -> Self:
        """Return those whose people agreed to show their name, latest first."""
        return self.confirmed().filter(public=True).order_by("-confirmed_at", "-pk")

    def with_reason(self) -> Self:
        """Return those that say why, unless a moderator has hidden it."""
        return self.exclude(reason="").filter(reason_hidden_at__isnull=True)

    def reason_hidden_lately(self) -> Self:
        """Return those whose reason a moderator has hidden within the last days, oldest first, by the database's clock."""
        return self.filter(reason_hidden_at__gt=Now() - SECOND_LOOK).order_by("reason_hidden_at", "pk")

    def wanting_mail(self) -> Self:
        """Return those who asked to be told of goals."""
        return self.confirmed().filter(updates=True)

    def not_by(self, user_id: int | None) -> Self:
        """Return those of everybody but this person."""
        return self if user_id is None else self.exclude(user=user_id)

    def at(self, address: str) -> Self:
        """Return those with this address as it was typed, in any case."""
        return self.alias(plain_email=Lower("email")).filter(plain_email=Lower(Value(address)))

    def named(self, words: str, *, among: int) -> Self:
        """Return of so many of the latest the proven ones with all the words in their name, wherever and in any case.

        `like` says what a star means. An index that finds parts of names would cost each signer half of an insert.
        """
        before = self.order_by("-pk").values_list("pk", flat=True)[among : among + 1]
        named = self.exclude(state="pending").filter(pk__gt=next(iter(before), 0))
        for part in words.split():
            named = named.filter(name__ilike=f"%{like(part)}%")
        return named

    def asked_lately(self, *, petition: "Petition", network: bytes, within: timedelta) -> Self:
        """Return what was asked for from this network, by the database's clock."""
        return self.filter(petition=petition, network_hash=network, asked_at__gt=Now() - within)

    def unconfirmed_for_long(self) -> Self:
        """Return the requests whose time to confirm is over, by the database's clock."""
        return self.filter(state="pending", asked_at__lt=Now() - UNCONFIRMED_FOR)

    def caught_by(self, removal: "Removal") -> Self:
        """Return what counts or is held, and fits the removal's question; what came after its start does not."""
        fits = self.standing()
        if removal.petition_id is not None:
            fits = fits.filter(petition=removal.petition_id)
        if removal.domains:
            fits = fits.filter(email_domain__in=removal.domains)
        if removal.network is not None:
            fits = fits.filter(network_hash=removal.network)
        if removal.name_pattern:
            fits = fits.filter(name__ilike=like(removal.name_pattern))
        return fits.filter(_window(removal))

    def by_petition(self) -> models.QuerySet[Any, Any]:
        """Return for each petition how many there are, and how many of them count; most first."""
        counting = Count("pk", filter=Q(state="confirmed"))
        return (
            self.order_by().values("petition").annotate(all=Count("pk"), counting=counting).order_by("-all")
        )


class RemovalQuerySet(models.QuerySet["Removal"]):
    """Questions about removals."""

    def moving(self) -> Self:
        """Return those that a worker goes on with, in the order of their starts."""
        return self.filter(stage__in=("running", "undoing")).order_by("started_at", "pk")

    def for_lists(self) -> Self:
        """Bring the petition's title and who made it in the same query, without the long texts."""
        related = self.select_related("petition__version", "made_by")
        return related.defer("petition__version__body", "petition__version__body_html")


def _window(removal: "Removal") -> Q:
    bounds = {
        "asked_at__gte": removal.asked_from,
        "asked_at__lt": removal.asked_before,
        "confirmed_at__lt": removal.started_at,
    }
    return Q(**{bound: at for bound, at in bounds.items() if at is not None})
