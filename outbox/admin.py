"""Administrators see the mails: how they fare, never what secrets they hold, and they change nothing."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from outbox import kinds
from outbox.masking import mask, mask_all
from outbox.models import Message

if TYPE_CHECKING:
    MessageAdminBase = admin.ModelAdmin[Message]
else:
    MessageAdminBase = admin.ModelAdmin


@admin.register(Message)
class MessageAdmin(MessageAdminBase):
    """A list to read."""

    list_display = (
        "id", "kind", "lane", "state", "masked_to", "attempts", "due_at", "sent_at", "maybe_duplicate", "last_error",
    )  # fmt: skip
    list_filter = ("state", "kind", "lane", "maybe_duplicate")
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

    @admin.display(description=_("to"))
    def masked_to(self, message: Message) -> str:
        """Return the address with its local part hidden."""
        return mask(message.to_address)

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


def _shown(message: Message, key: str, value: object) -> str:
    try:
        is_secret = key in kinds.get(message.kind).secrets
    except kinds.UnknownKindError:
        is_secret = True
    # A link may carry a token even where its kind forgot to say so.
    return "•••" if is_secret or "://" in str(value) else mask_all(str(value))
