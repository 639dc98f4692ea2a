"""The web application, for gunicorn."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lib.web.pagecache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = PageCache(get_wsgi_application(), seconds=settings.PAGE_CACHE_SECONDS)
