"""The moderators' side in Django admin; importing this package registers every model of the room."""

from petitions.admin import petitions, provenance, reasons, record, topics

__all__ = ["petitions", "provenance", "reasons", "record", "topics"]
