"""Signed links: each says what it is for, so that a link for one thing opens nothing else."""

from django.core.signing import BadSignature, Signer


def make(purpose: str, value: int | str) -> str:
    """Return the value with a signature that holds for this purpose alone; fit for an address."""
    return _signer(purpose).sign(str(value))


def read(purpose: str, token: str) -> str | None:
    """Return the value of a token made for this purpose, or None."""
    try:
        return _signer(purpose).unsign(token)
    except BadSignature:
        return None


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"hundred.{purpose}", sep=".")
