from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    """Who has signed what, and what follows from it."""

    name = "signatures"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        """Put what is held on the moderators' desk, name this room's mails, tell readiness and audit what it knows."""
        from lib import desk as desks
        from lib import health as readiness
        from signatures import audit, desk, emails, health, roles

        desks.register("signatures", desk.waiting, permission=roles.RELEASE, news=desk.news)
        desks.register("hidden reasons", desk.hidden_reasons, permission=roles.HIDE)
        readiness.register("roll-up", health.read_roll_up)
        readiness.register("announcements", health.read_announcements)
        audit.register()
        emails.register_kinds()
