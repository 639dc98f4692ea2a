"""The languages that a petition can be written in, each by its own name, and how PostgreSQL stems it."""

LANGUAGES = [
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("other", "…"),
]
# Text search configurations that PostgreSQL brings; every other language is searched by whole words.
STEMMED = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "tr": "turkish",
}


def language_tag(code: str) -> str:
    """Return what the `lang` attribute calls a petition's language."""
    return "und" if code == "other" else code
