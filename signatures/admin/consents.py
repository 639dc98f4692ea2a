"""What people agreed to, word by word: the program writes it, here it is only read."""

from django.contrib import admin

from petitions.admin.kept import ReadOnly
from signatures.models import Consent


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    """Every wording in every language, latest first."""

    list_display = ("version", "language", "text", "created_at")
    list_filter = ("language",)
    fields = list_display
    ordering = ("-created_at", "-pk")
