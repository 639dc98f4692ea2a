from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """The outbox tells readiness and audit about itself."""

    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Register the checks; models can't be imported earlier."""
        from lib import audit, health
        from outbox import checks, monitoring  # noqa: F401

        health.register("outbox", monitoring.read_outbox)
        health.register("beat", monitoring.read_beat)
        audit.register("outbox: no mail is stuck", monitoring.find_stuck)
        audit.register("outbox: sent mails have their time", monitoring.find_untimed)
        audit.register("outbox: secrets are gone once mails have left", monitoring.find_kept_secrets)
