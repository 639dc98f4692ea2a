"""What may stand as a person's name: it goes into pages and mails that others read."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib import text

_ENDINGS = "app|biz|click|club|cn|co|com|de|dev|eu|fr|info|io|link|live|net|online|org|ru|shop|site|store|top|tv|uk|xyz"
_ADDRESS = re.compile(rf"://|\bwww\.|[\w-]{{2,}}\.(?:{_ENDINGS})\b|\w\.\w+/|\w@\w", re.IGNORECASE)


def clean_name(value: str) -> str:
    """Return the name as one tidy line; refuse web addresses and characters that turn the direction of text."""
    if text.BIDI_CONTROLS.intersection(value):
        raise ValidationError(
            _(
                "This name contains invisible characters that change the direction of text. Type it again, please."
            )
        )
    name = text.clean_line(value)
    if _ADDRESS.search(name):
        raise ValidationError(_("A name can’t contain a web or mail address. Leave it out, please."))
    return name
