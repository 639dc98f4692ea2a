"""What an administrator meets who tries to delete a row that others rest on."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join


class KeptWhileUsed(admin.ModelAdmin[Any]):
    """Rows that can't be deleted while something rests on them; there is no deleting in bulk."""

    actions = None
    # The relation by which others rest on a row, and what is said of one that they do rest on.
    used_by: str
    kept_because: Any

    def is_used(self, obj: Any) -> bool:
        """Tell whether something rests on the row."""
        return bool(getattr(obj, self.used_by).exists())

    def why_kept(self, obj: Any) -> str:
        """Return the sentence for somebody who would delete the row."""
        return str(self.kept_because % {"name": obj})

    def fixed(self, obj: Any) -> dict[str, str]:
        """Return the columns that stay as they are, each with the sentence that says why."""
        return {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show what stays, and take nothing for it."""
        return tuple(self.fixed(obj)) if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Say above the fields why some can't be changed."""
        sentences = self.fixed(obj).values() if obj and self.has_change_permission(request, obj) else ()
        about = format_html_join("", "<p>{}</p>", ((each,) for each in sentences))
        return [(None, {"fields": self.get_fields(request, obj), "description": about})]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why a used row stays and what to do instead; else ask and delete as usual."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_delete_permission(request, row) or not self.is_used(row):
            return self._delete(request, object_id, extra_context)
        return self._explain(request, row)

    def _delete(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except models.ProtectedError:  # used since the page was opened
            return self._explain(request, self.get_object(request, unquote(object_id)))

    def _explain(self, request: HttpRequest, row: Any) -> HttpResponse:
        messages.error(request, self.why_kept(row))
        meta = self.model._meta  # noqa: SLF001 - Django's public meta API
        return redirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows that nobody adds, changes or deletes here, whatever their permissions."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False
