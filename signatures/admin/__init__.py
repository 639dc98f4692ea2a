"""The moderators' side of signatures in Django admin; importing this package registers every model of the room."""

from signatures.admin import consents, goals, removals, signatures

__all__ = ["consents", "goals", "removals", "signatures"]
