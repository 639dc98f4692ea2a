"""Addresses as they may be shown and logged."""

import re

_ADDRESS = re.compile(r"[^\s<>@:;,()\"']+@[^\s<>@:;,()\"']+")


def mask(address: str) -> str:
    """Return the address with its local part hidden but for the first letter: `a***@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def mask_all(text: str) -> str:
    """Return the text with every address in it masked; mail servers like to repeat them."""
    return _ADDRESS.sub(lambda found: mask(found.group()), text)
