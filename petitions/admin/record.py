"""The record of moves: who, when, from where, to where and why. It is written once, so here it is only read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lib.paging import FirstOnes
from petitions import narrowing
from petitions.admin.finding import LONGEST_NUMBER
from petitions.admin.kept import ReadOnly
from petitions.admin.tags import state_tag
from petitions.models import Petition, Transition


def record_of(petition: Petition) -> QuerySet[Transition]:
    """Return every move of a petition, latest first, with people and reasons."""
    moves = petition.transitions.select_related("actor", "version", "duplicate_of__version")
    long = [
        f"{each}__{text}" for each in ("version", "duplicate_of__version") for text in ("body", "body_html")
    ]
    return moves.defer(*long).prefetch_related("reasons").order_by("-at", "-pk")


class ToFilter(admin.ChoicesFieldListFilter):
    """Moves into one state."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("state afterwards")


@admin.register(Transition)
class TransitionAdmin(ReadOnly):
    """The whole record, latest first."""

    list_display = ("at", "title", "came_from", "went_to", "who")
    list_filter = (("target", ToFilter),)
    search_fields = ("version__title",)
    search_help_text = _("Parts of the title as it was, or a petition’s number")
    list_per_page = 50
    paginator = FirstOnes
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Rows come in the order of their time.
    ordering = ("-pk",)
    sortable_by = ("at",)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transition]:
        """Bring titles and people in the same query, without the long texts."""
        moves = Transition.objects.select_related("version", "actor")
        return moves.defer("version__body", "version__body_html")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Transition], search_term: str
    ) -> tuple[QuerySet[Transition], bool]:
        """Search titles through their index."""
        words = search_term.strip().lstrip("#")
        if words.isascii() and words.isdecimal() and len(words) <= LONGEST_NUMBER:
            return queryset.filter(petition=int(words)), False
        return narrowing.titled(queryset, words) if words else queryset, False

    @admin.display(description=_("title"))
    def title(self, obj: Transition) -> str:
        """Return the title as it was."""
        return obj.version.title

    @admin.display(description=_("from"))
    def came_from(self, obj: Transition) -> SafeString:
        """Return the state before."""
        return state_tag(obj.source, obj.get_source_display())

    @admin.display(description=_("to"))
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
