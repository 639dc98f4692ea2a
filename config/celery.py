"""Celery as a doorbell: a task says that there is work, rows in the database say which (docs/decisions/0003)."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging, worker_init
from kombu import Queue

from config import environment, schedule
from lib import broker, garbage, logs, requestid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
ENV = environment.read_or_end()
URGENT, BULK = f"{ENV.queue_prefix}urgent", f"{ENV.queue_prefix}bulk"
TASKS_FOR_A_PROCESS = 2000


def broker_url(redis_url: str) -> str:
    """Return Celery's spelling of REDIS_URL: for a Unix socket `redis+socket://` with `virtual_host` as the number."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    number = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair).get("db", "0")
    return f"redis+socket://{path}?virtual_host={number}"


app = Celery("hundred", task_cls="lib.work:Work")
app.conf.update(
    broker_url=broker_url(ENV.redis_url),
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_queues=[Queue(URGENT), Queue(BULK)],
    task_default_queue=URGENT,
    # What may go on for minutes: nobody who waits for a mail waits behind it.
    task_routes={
        task: {"queue": BULK}
        for task in ("outbox.tasks.deliver_bulk", "petitions.tasks.audit", "signatures.tasks.purge")
    },
    # A job is given back when its process dies; rows count the attempts, so a poisonous one ends there.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=120,
    task_soft_time_limit=100,
    worker_soft_shutdown_timeout=5,
    worker_hijack_root_logger=False,
    worker_max_tasks_per_child=TASKS_FOR_A_PROCESS,
    # Otherwise Celery closes the connection to the database after each task; lib/work.py keeps it, as requests do.
    CELERY_DB_REUSE_MAX=TASKS_FOR_A_PROCESS,
    # On a busy machine a new process needs longer than the four seconds after which it would be taken for dead.
    worker_proc_alive_timeout=30,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # No web request waits for Redis: with the defaults a frozen server never answers (measured; docs/decisions/0003).
    broker_connection_timeout=1,
    task_publish_retry=False,
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_timeout": 0.5,
        "socket_connect_timeout": 0.5,
        "retry_on_timeout": False,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0.05,
        "interval_max": 0.1,
        "health_check_interval": 10,
    },
    beat_schedule=schedule.BEAT_SCHEDULE,
    timezone="UTC",
)
broker.mend()
app.autodiscover_tasks()
requestid.connect()


@setup_logging.connect
def _log_as_the_web_does(**_: object) -> None:
    dictConfig(logs.configuration(level=ENV.log_level, plain=ENV.local))


@worker_init.connect
def _keep_pages_shared(**_: object) -> None:
    # What the main process has loaded stays shared with its children: about 20 MB less (measured).
    garbage.look_as_usual()
