from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who a person is."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Make the account mails known to the outbox."""
        from accounts import emails

        emails.register_kinds()
