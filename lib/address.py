"""When two spellings are one mailbox: canonical forms serve uniqueness only, mail goes to the address as typed.

Rules by provider: Gmail ignores dots and has googlemail.com as its other name (Google's account help); the listed
providers document that what follows a plus reaches the same mailbox. Elsewhere a dot or a plus may make another one.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

GMAIL = "gmail.com"
# Other names of the same provider, to the one that we compare by.
_SAME_PROVIDER = {
    "googlemail.com": GMAIL,
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}
_IGNORES_DOTS = {GMAIL}
_TAGS_BY_PLUS = {
    GMAIL, "proton.me", "icloud.com", "fastmail.com", "outlook.com", "hotmail.com", "live.com", "mailbox.org", "posteo.de", "posteo.net",
}  # fmt: skip
_DOTS = re.compile("[.\u3002]")
# Python's codec knows the older rules, which write another letter for these: the names they make belong to others.
_WRITTEN_OUT_SINCE_2008 = frozenset("ßς")


def canonical(address: str) -> str:
    """Return the one spelling by which mailboxes are compared; an address without a usable domain is refused."""
    local, _at, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    domain = _domain(domain)
    local = local.casefold()
    if domain in _TAGS_BY_PLUS:
        local = local.partition("+")[0] or local
    if domain in _IGNORES_DOTS:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def domain_of(address: str) -> str:
    """Return the domain in lower-case ASCII, by the provider's first name."""
    return _domain(unicodedata.normalize("NFKC", address.strip()).rpartition("@")[2])


def _domain(domain: str) -> str:
    try:
        labels = [_ascii(label) for label in _DOTS.split(domain.removesuffix("."))]
    except UnicodeError as fault:
        raise _refusal() from fault
    if not all(labels):
        raise _refusal()
    ascii_domain = ".".join(labels)
    return _SAME_PROVIDER.get(ascii_domain, ascii_domain)


def _ascii(label: str) -> str:
    label = label.lower()
    if _WRITTEN_OUT_SINCE_2008 & set(label):
        return f"xn--{label.encode('punycode').decode('ascii')}"
    return label.encode("idna").decode("ascii").lower()


def _refusal() -> ValidationError:
    return ValidationError(_("This domain can’t be used."), code="domain")
