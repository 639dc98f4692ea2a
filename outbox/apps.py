from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """The outbox tells readiness and audit about itself."""

    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Register the checks and the list on the desk; models can't be imported earlier."""
        from lib import audit, health
        from lib import desk as desks
        from outbox import checks, desk, monitoring  # noqa: F401

        desks.register("outbox", desk.waiting, permission=desk.VIEW)
        health.register("outbox", monitoring.read_outbox)
        health.register("beat", monitoring.read_beat)
        audit.register("outbox: no mail is stuck", monitoring.find_stuck)
        audit.register("outbox: sent mails have their time", monitoring.find_untimed)
        audit.register("outbox: secrets are gone once mails have left", monitoring.find_kept_secrets)
        audit.register("outbox: no bulk mail goes where mail came back", monitoring.find_mails_to_suppressed)
        audit.register("outbox: old mails hold no address", monitoring.find_kept_addresses)
