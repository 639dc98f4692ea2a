"""Every address; pages have a language prefix, machines' addresses have none."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("petitions.machine_urls")),
    path("dev/mail/", include("outbox.urls")),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("accounts/", include("accounts.urls")),
        path("", include("signatures.urls")),
        path("", include("petitions.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "petitions.views.faults.bad_request"
handler403 = "petitions.views.faults.forbidden"
handler404 = "petitions.views.faults.not_found"
handler500 = "petitions.views.faults.server_error"
