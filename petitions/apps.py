from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    """Petitions from the first draft to the last word."""

    name = "petitions"
    verbose_name = _("Petitions")

    def ready(self) -> None:
        """Put the queue on the moderators' desk, name this room's mails, tell readiness and audit what it knows."""
        from django.conf import settings

        from lib import desk as desks
        from lib import freshness
        from lib import health as readiness
        from petitions import alarm, audit, desk, emails, health

        desks.register("petitions", desk.waiting, permission=desk.DECIDE, news=desk.submissions)
        desks.register("edits", desk.edits_waiting, permission=desk.DECIDE, news=desk.edits)
        desks.register("objections", desk.objections_waiting, permission=desk.UPHOLD, news=desk.objections)
        desks.register("audit", alarm.waiting, permission=alarm.VIEW)
        readiness.register("database", health.read_database)
        if freshness.REPLICA in settings.DATABASES:
            readiness.register("replica", freshness.read_replica)
        readiness.register("redis", health.read_redis)
        readiness.register("audit", alarm.read)
        audit.register()
        emails.register_kinds()
