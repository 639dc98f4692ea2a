"""What people agree to when they sign, kept word by word in each language."""

from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _

from signatures.models import Consent

# Raise it whenever the meaning of the text changes.
VERSION = "2026-11"


def text() -> str:
    """Return the consent in the active language."""
    return _(
        "I sign this petition, and I agree that my signature, which may show my political opinion, is stored as the"
        " privacy page says. I can withdraw it at any time."
    )


def wording(language: str) -> dict[str, str]:
    """Return what is agreed to in this language, as the statements that sign ask for its row."""
    return {"consent_version": VERSION, "language": language, "consent": _text_in(language)}


def current(language: str) -> Consent:
    """Return the row of today's wording in this language, making it at its first use."""
    return Consent.objects.get_or_create(version=VERSION, language=language, text=_text_in(language))[0]


@cache
def _text_in(language: str) -> str:
    with translation.override(language):
        return text()
