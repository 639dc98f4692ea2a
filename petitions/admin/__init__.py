"""The moderators' side in Django admin; importing this package registers every model of the room."""

from petitions.admin import audits, edits, objections, petitions, provenance, reasons, record, topics

__all__ = ["audits", "edits", "objections", "petitions", "provenance", "reasons", "record", "topics"]
