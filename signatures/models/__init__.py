"""Signatures, what removed them, the milestones they reach, and what is still to be announced."""

from signatures.models.announcing import SINCE, Announcement, AskedMail, Milestone
from signatures.models.removal import Kind, Removal, RemovedCount, Stage
from signatures.models.signature import (
    LONGEST_NAME,
    LONGEST_REASON,
    WAITING,
    Consent,
    Signature,
    State,
    Suspicion,
)

__all__ = [
    "LONGEST_NAME",
    "LONGEST_REASON",
    "SINCE",
    "WAITING",
    "Announcement",
    "AskedMail",
    "Consent",
    "Kind",
    "Milestone",
    "Removal",
    "RemovedCount",
    "Signature",
    "Stage",
    "State",
    "Suspicion",
]
