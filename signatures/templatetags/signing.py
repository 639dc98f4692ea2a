"""What the forms of signing need beside themselves."""

from django import template
from django.utils.safestring import SafeString

from signatures.forms import AskForm

register = template.Library()


@register.simple_tag
def visitors_fields() -> SafeString:
    """Return what a visitor fills in beside a petition, the same for all of them."""
    return AskForm(compact=True).as_everybody_gets_it()
