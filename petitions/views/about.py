"""What the site says about itself: who runs it, what it keeps, what it publishes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lib.web.public import kept_page
from petitions.goals import LADDER
from petitions.models import Reason


@kept_page()
def about(request: HttpRequest) -> HttpResponse:
    """Say who runs the site, how it counts, and how decisions are made."""
    return render(request, "petitions/about.html", {"ladder": LADDER[:8]})


@kept_page()
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of people, why, and for how long."""
    return render(request, "petitions/privacy.html")


@kept_page()
def rules(request: HttpRequest) -> HttpResponse:
    """Say what is published, and list every reason for which a petition can be refused or taken down."""
    reasons = list(Reason.objects.in_use())
    context = {
        "shown": [reason for reason in reasons if not reason.hides],
        "hidden": [reason for reason in reasons if reason.hides],
        "returns": settings.RESUBMISSIONS_MAX,
        "objection_days": settings.OBJECTION_DAYS,
    }
    return render(request, "petitions/rules.html", context)
