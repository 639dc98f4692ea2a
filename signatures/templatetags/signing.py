"""What the forms of signing need beside themselves."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import SafeString

from accounts.models import User
from petitions.models import Petition
from signatures.forms import AskForm

register = template.Library()


@register.simple_tag
def visitors_fields() -> SafeString:
    """Return what a visitor fills in beside a petition, the same for all of them."""
    return AskForm(compact=True).as_everybody_gets_it()


@register.simple_tag
def typed_to_sign(petition: Petition, reader: User | AnonymousUser) -> str:
    """Return the name under which a tab keeps what this reader typed to sign, and shows it to nobody who signs in next."""
    return f"sign-{petition.pk}-{reader.pk}" if reader.is_authenticated else f"sign-{petition.pk}"
