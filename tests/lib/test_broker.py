import os
import signal
import tempfile
from pathlib import Path

import pytest
from kombu import Connection
from redis.exceptions import TimeoutError as NoAnswer

from config.celery import app, broker_url
from embedded import valkey
from embedded.supervisor import Supervisor


@pytest.fixture
def server():
    """A Valkey of this test's own, which may be frozen."""
    supervisor = Supervisor()
    with tempfile.TemporaryDirectory(prefix="hundred-") as folder:
        path = Path(folder) / "valkey.sock"
        valkey.start(Path(folder), path, log=Path(folder) / "valkey.log", supervisor=supervisor)
        yield path, supervisor.children[0].process.pid
        supervisor.stop()


@pytest.fixture
def queue(server):
    options = {**app.conf.broker_transport_options, "socket_timeout": 0.2}
    url = broker_url(valkey.redis_url(server[0]))
    with Connection(url, transport_options=options) as connection:
        queue = connection.SimpleQueue("bells")
        queue.channel.basic_qos(0, 1, False)
        yield queue
        queue.close()


@pytest.mark.parametrize("settle", ["ack", "reject", "requeue"])
def test_a_job_gives_up_its_place_though_the_broker_was_not_told(server, queue, settle):
    queue.put({"bell": 1})
    bell = queue.get(timeout=5)
    assert not queue.channel.qos.can_consume()
    os.kill(server[1], signal.SIGSTOP)
    try:
        with pytest.raises(NoAnswer):
            getattr(bell, settle)()
    finally:
        os.kill(server[1], signal.SIGCONT)
    assert queue.channel.qos.can_consume()
    queue.put({"bell": 2})
    assert queue.get(timeout=5)


@pytest.mark.parametrize("settle", ["ack", "reject", "requeue"])
def test_a_job_may_end_after_the_line_by_which_it_came(queue, settle):
    queue.put({"bell": 1})
    bell = queue.get(timeout=5)
    queue.channel.close()
    getattr(bell, settle)()


def test_what_the_broker_was_told_is_gone_there(queue):
    queue.put({"bell": 1})
    bell = queue.get(timeout=5)
    assert queue.channel.client.hlen("unacked") == 1
    bell.ack()
    assert queue.channel.client.hlen("unacked") == 0
    assert queue.channel.qos.can_consume()
