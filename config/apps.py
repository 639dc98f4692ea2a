from django.contrib.admin.apps import AdminConfig


class DjangoAdmin(AdminConfig):
    """Django's admin behind our own door."""

    default_site = "accounts.admin_site.HundredAdminSite"
