"""A fault is logged once, under the request's id, wherever it was met."""

import logging

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from lib.web import request_log


def _fails(request):
    raise RuntimeError("in the view")


class FailsOnItsWay:
    """Middleware with a fault of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raise RuntimeError("in the middleware")


urlpatterns = [
    path("fails/", _fails),
    path("works/", lambda _: HttpResponse("fine")),
    *urls.urlpatterns,
]
handler500 = "petitions.views.faults.server_error"


@pytest.fixture
def faults_logged(settings, caplog):
    settings.ROOT_URLCONF = __name__
    caplog.set_level(logging.ERROR, logger=request_log.logger.name)
    return lambda: [str(record.exc_info[1]) for record in caplog.records if record.exc_info]


def test_a_view_s_fault_is_logged_once_with_its_traceback(faults_logged):
    assert Client(raise_request_exception=False).get("/fails/").status_code == 500
    assert faults_logged() == ["in the view"]


def test_so_is_one_of_middleware(faults_logged, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.FailsOnItsWay"]
    assert Client(raise_request_exception=False).get("/works/").status_code == 500
    assert faults_logged() == ["in the middleware"]
