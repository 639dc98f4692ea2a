"""Petitions and their record: what is true of one row. What can be asked is in `querysets`, what can be done in `services`."""

from petitions.models.answers import LONGEST_OBJECTION, SHORTEST_OBJECTION, Edit, Objection
from petitions.models.auditing import AuditRun
from petitions.models.counting import Delta, SearchEntry, Tally, TitleWord
from petitions.models.desk import LONGEST_QUERY, LONGEST_VIEW_NAME, ModeratorAlert, Note, Opening, SavedView
from petitions.models.lists import LONGEST_NAME, DecisionMaker, Reason, Topic
from petitions.models.petition import (
    LONGEST_ASK,
    LONGEST_BODY,
    LONGEST_HEADLINE,
    LONGEST_TITLE,
    Petition,
    Version,
)
from petitions.models.record import LONGEST_NOTE, Transition, TransitionReason
from petitions.models.seed import Seed

__all__ = [
    "LONGEST_ASK",
    "LONGEST_BODY",
    "LONGEST_HEADLINE",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "LONGEST_OBJECTION",
    "LONGEST_QUERY",
    "LONGEST_TITLE",
    "LONGEST_VIEW_NAME",
    "SHORTEST_OBJECTION",
    "AuditRun",
    "DecisionMaker",
    "Delta",
    "Edit",
    "ModeratorAlert",
    "Note",
    "Objection",
    "Opening",
    "Petition",
    "Reason",
    "SavedView",
    "SearchEntry",
    "Seed",
    "Tally",
    "TitleWord",
    "Topic",
    "Transition",
    "TransitionReason",
    "Version",
]
