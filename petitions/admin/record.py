"""The record of moves: who, when, from where, to where and why. It is written once, so here it is only read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from petitions.admin.kept import ReadOnly
from petitions.admin.tags import state_tag
from petitions.models import Petition, Transition


def record_of(petition: Petition) -> QuerySet[Transition]:
    """Return every move of a petition, latest first, with people and reasons."""
    moves = petition.transitions.select_related("actor", "version").prefetch_related("reasons")
    return moves.order_by("-at", "-pk")


@admin.register(Transition)
class TransitionAdmin(ReadOnly):
    """The whole record, latest first."""

    list_display = ("at", "title", "came_from", "went_to", "who")
    list_filter = ("target",)
    search_fields = ("version__title",)
    list_select_related = ("version", "actor")
    ordering = ("-at", "-pk")
    fields = (
        "at",
        "petition",
        "version",
        "who",
        "came_from",
        "went_to",
        "why",
        "note_to_starter",
        "internal_note",
    )

    @admin.display(description=_("title"))
    def title(self, obj: Transition) -> str:
        """Return the title as it was."""
        return obj.version.title

    @admin.display(description=_("from"), ordering="source")
    def came_from(self, obj: Transition) -> SafeString:
        """Return the state before."""
        return state_tag(obj.source, obj.get_source_display())

    @admin.display(description=_("to"), ordering="target")
    def went_to(self, obj: Transition) -> SafeString:
        """Return the state after."""
        return state_tag(obj.target, obj.get_target_display())

    @admin.display(description=_("who"))
    def who(self, obj: Transition) -> str:
        """Return who moved it; without a person it was the clock or an import."""
        return obj.actor.shown_name if obj.actor else str(_("the site itself"))

    @admin.display(description=_("reasons"), empty_value="–")
    def why(self, obj: Transition) -> SafeString | None:
        """Return the titles of the reasons given."""
        return format_html_join("; ", "{}", ((reason.title,) for reason in obj.reasons.all())) or None
