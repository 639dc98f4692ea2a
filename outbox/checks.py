"""What `manage.py check` says about the kinds of mail."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from outbox import kinds
from outbox.kinds import Kind


@register("outbox")
def check_kinds(**_: Any) -> Iterable[CheckMessage]:
    """Find kinds that could not be sent, or not be unsubscribed from."""
    return [fault for kind in kinds.registered() for fault in _faults_of(kind)]


def _faults_of(kind: Kind) -> Iterator[CheckMessage]:
    if kind.bulk and kind.unsubscribe_url is None:
        yield Error(f"The bulk mail {kind.name} has no unsubscribe_url.", id="outbox.E001")
    if kind.bulk and kind.lane != "bulk":
        yield Error(f"The bulk mail {kind.name} would hold up urgent ones.", id="outbox.E002")
    for name in kind.template_names():
        try:
            get_template(name)
        except (TemplateDoesNotExist, TemplateSyntaxError) as fault:
            yield Error(f"The mail {kind.name} has no usable template {name}: {fault}", id="outbox.E003")
