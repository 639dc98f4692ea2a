"""What search engines ask first: where they need not go, and what there is to read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from lib.replica import from_replica
from lib.web.public import public_page
from petitions.models import Petition

# A sitemap may name 50,000 addresses; the latest are the ones that are not known yet.
MOST_IN_SITEMAP = 10_000
AN_HOUR = {"Cache-Control": "public, max-age=3600"}
NOTHING_TO_READ = (
    "/admin/", "/accounts/", "/dev/", "/petitions/start/", "/petitions/mine/", "/*/manage/", "/*?q=", "/*&q=",
)  # fmt: skip


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of rooms where there is nothing for them, and name the sitemap."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOTHING_TO_READ)]
    text = "\n".join([*lines, f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=AN_HOUR)


@public_page
@from_replica
def sitemap(request: HttpRequest) -> HttpResponse:
    """Name the public petitions and the site's own pages."""
    pages = [reverse(f"petitions:{name}") for name in ("home", "browse", "about", "rules", "privacy")]
    slugs = Petition.objects.public().newest().values_list("slug", flat=True)[:MOST_IN_SITEMAP]
    paths = [*pages, *(reverse("petitions:detail", args=[slug]) for slug in slugs)]
    context = {"addresses": [f"{settings.SITE_URL}{path}" for path in paths]}
    return HttpResponse(
        render_to_string("petitions/sitemap.xml", context), content_type="application/xml", headers=AN_HOUR
    )
