"""Which of a person's addresses mails came back from."""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from accounts.models import User
from outbox import suppressing
from outbox.models import Suppression


def addresses_of(user: User) -> QuerySet[Suppression]:
    """Return the person's addresses that came back, latest first; the log-in counts even if it is listed nowhere."""
    listed = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return suppressing.found([user.email, *listed])
