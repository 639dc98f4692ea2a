"""What a request that could not be answered had brought, to be given back to the person who typed it."""

import re
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError

from lib.web.forgery import is_sent_by_our_page

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Passwords and codes go into no page; the person has them.
_SECRET = re.compile(r"pass|code|credential|secret|otp", re.IGNORECASE)
# More than any form that is filled by hand.
_LONGEST = 500_000
# What is at least so long and has a space in it was written by a person, who may want to copy it.
_WORTH_READING = 20
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_UNREADABLE = (
    SuspiciousOperation,
    MultiPartParserError,
    RawPostDataException,
    UnreadablePostError,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Field:
    """One value of the form that was sent; `is_text` when somebody wrote it."""

    name: str
    value: str

    @property
    def is_text(self) -> bool:
        """Say whether it is shown rather than carried along."""
        value = self.value.strip()
        return "\n" in value or (len(value) >= _WORTH_READING and " " in value)

    @property
    def label(self) -> str:
        """Return the field's name as words."""
        return self.name.replace("_", " ").replace("-", " ").strip().capitalize()


@dataclass(frozen=True)
class Sent:
    """The fields that can be sent again; `is_whole` when nothing that was sent is missing."""

    fields: tuple[Field, ...]
    is_whole: bool

    @property
    def texts(self) -> list[Field]:
        """Return what somebody wrote."""
        return [field for field in self.fields if field.is_text]

    @property
    def rest(self) -> list[Field]:
        """Return what is carried along unseen."""
        return [field for field in self.fields if not field.is_text]


def sent_with(request: HttpRequest) -> Sent | None:
    """Return the fields of a form that this site’s own page sent, or None where they can’t be had.

    What another site made a browser send is not shown as ours. The token against forgery is given back as it came,
    never made anew.
    """
    try:
        return _fields(request) if _is_ours(request) and _is_readable(request) else None
    except _UNREADABLE:
        return None


def _fields(request: HttpRequest) -> Sent | None:
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    if sum(len(name) + len(value) for name, value in pairs) > _LONGEST:
        return None
    kept = tuple(Field(name, value) for name, value in pairs if not _SECRET.search(name))
    return Sent(kept, is_whole=len(kept) == len(pairs) and not request.FILES)


def _is_ours(request: HttpRequest) -> bool:
    return not request.META.get("HTTP_ORIGIN") or is_sent_by_our_page(request)


def _is_readable(request: HttpRequest) -> bool:
    """Say whether the body was read already, or is a form short enough to be read now."""
    if hasattr(request, "_post"):
        return True
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.content_type in _FORMS and length.isdecimal() and int(length) <= _LONGEST
