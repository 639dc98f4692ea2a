import json
import logging
from io import StringIO
from logging.config import dictConfig

import pytest

from lib import logs, requestid


@pytest.fixture
def written():
    """Return what a logger writes under our configuration, put back afterwards."""
    configuration = logs.configuration(level="INFO", plain=False)
    stream = StringIO()
    configuration["handlers"]["stderr"]["stream"] = stream
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    dictConfig(configuration)
    yield stream
    root.handlers, root.level = handlers, level


def test_it_writes_one_json_line_with_the_request_id(written):
    request_id = requestid.start()
    logging.getLogger("hundred.request").info(
        "request", extra={"status": 200, "ms": 3, "route": "p/", "method": "GET"}
    )
    line = json.loads(written.getvalue())
    assert (line["request_id"], line["status"], line["route"]) == (request_id, 200, "p/")


def test_it_blanks_addresses_and_tokens(written):
    logging.getLogger("x").warning("550 no such user <carol@example.org> for %s", "x" * 40)
    assert "carol" not in written.getvalue()
    assert "xxxx" not in written.getvalue()
