"""What every template knows about the site; constants only, so that public pages stay the same for everybody."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """Return the operator's names and addresses for templates."""
    return facts()


def facts() -> dict[str, str]:
    """Return the same for mails, which have no request."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "operator_name": settings.OPERATOR_NAME,
        "contact_email": settings.CONTACT_EMAIL,
    }
