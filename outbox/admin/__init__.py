"""The outbox in Django admin; importing this package registers its models."""

from outbox.admin.messages import MessageAdmin
from outbox.admin.suppressions import SuppressionAdmin

__all__ = ["MessageAdmin", "SuppressionAdmin"]
