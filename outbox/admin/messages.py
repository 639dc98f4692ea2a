"""Mails in the admin: how they fare, never what secrets they hold; what can be done is done on pages that ask first."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from outbox import kinds
from outbox.admin import overview, pages
from outbox.admin.decisions import DECISIONS, HANDLE, Decision
from outbox.admin.filters import KindFilter, StateFilter
from outbox.masking import mask, mask_all
from outbox.models import Message

if TYPE_CHECKING:
    MessageAdminBase = admin.ModelAdmin[Message]
else:
    MessageAdminBase = admin.ModelAdmin


def _action(decision: Decision) -> Any:
    @admin.action(description=decision.label, permissions=["handle"])
    def act(room: "MessageAdmin", request: HttpRequest, chosen: QuerySet[Message]) -> HttpResponse | None:
        """Ask about the chosen ones, oldest first, then do it."""
        return pages.ask_or_do(
            request, room, decision, list(chosen.order_by("pk")[: pages.AT_ONCE]), decision.code
        )

    act.__name__ = decision.code
    return act


@admin.register(Message)
class MessageAdmin(MessageAdminBase):
    """A list to read, under the figures of every kind; nobody adds, changes or deletes."""

    actions: Any = [_action(decision) for decision in DECISIONS.values()]
    list_display = ("kind", "standing", "last_error", "masked_to", "created_at", "attempts")
    list_filter = (StateFilter, KindFilter, "maybe_duplicate")
    search_fields = ("=to_address", "=message_id", "=id")
    search_help_text = _("The whole address, the Message-ID or the number")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "kind", "lane", "state", "masked_to", "language", "shown_values", "message_id", "attempts", "created_at",
        "due_at", "leased_until", "sent_at", "maybe_duplicate", "last_error",
    )  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses to which decisions, pauses and their ends are posted."""
        own: dict[str, tuple[str, pages.Page]] = {
            "<int:pk>/decide/<slug:code>/": ("decide", pages.decide),
            "pause/": ("pause", pages.pause),
            "resume/": ("resume", pages.resume),
        }
        mine = [
            path(where, self._behind_the_door(view), name=f"outbox_message_{name}")
            for where, (name, view) in own.items()
        ]
        return [*mine, *super().get_urls()]

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Say who may send again, drop, pause and resume."""
        return request.user.has_perm(HANDLE)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the figures above the list; nobody posts to it without the permission."""
        if request.method == "POST" and not self.has_handle_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, {**overview.read(), **self._may(request)})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one mail, what can be done with it, and what was."""
        found = {**pages.possible(object_id), "record": overview.record_of(object_id)}
        return super().change_view(request, object_id, form_url, {**found, **self._may(request)})

    @admin.display(description=_("state"), ordering="state")
    def standing(self, message: Message) -> SafeString:
        """Return the state as a coloured word, and that it may have arrived twice."""
        twice = _("may have arrived twice") if message.maybe_duplicate else ""
        label = message.get_state_display()
        return format_html('<span class="state state-{}">{}</span> {}', message.state, label, twice)

    @admin.display(description=_("to"))
    def masked_to(self, message: Message) -> str:
        """Return the address with its local part hidden; old mails have none."""
        return mask(message.to_address) if message.to_address else "–"

    @admin.display(description=_("values"))
    def shown_values(self, message: Message) -> SafeString:
        """List the values of the mail; secrets, links and addresses stay hidden."""
        rows = ((key, _shown(message, key, value)) for key, value in message.context.items())
        return format_html_join("\n", "<div>{}: {}</div>", rows)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nobody writes mails by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Nobody changes a mail."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Nobody deletes a mail."""
        return False

    def _may(self, request: HttpRequest) -> dict[str, bool]:
        return {"may_handle": self.has_handle_permission(request)}

    def _behind_the_door(self, view: pages.Page) -> Any:
        def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
            if not self.has_handle_permission(request):
                raise PermissionDenied
            return view(request, self, **values)

        return self.admin_site.admin_view(guarded)


def _shown(message: Message, key: str, value: object) -> str:
    try:
        is_secret = key in kinds.get(message.kind).secrets
    except kinds.UnknownKindError:
        is_secret = True
    # A link may carry a token even where its kind forgot to say so.
    return "•••" if is_secret or "://" in str(value) else mask_all(str(value))
