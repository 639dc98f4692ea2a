"""Celery's way to Redis with two of its faults mended (kombu 5.7): what the broker was not told must not stop a worker."""

from collections.abc import Callable

from kombu.transport import redis
from kombu.transport.virtual import base


class ForgettingQoS(redis.QoS):
    """The jobs in hand; one that is done gives up its place, also when the broker could not be told.

    Otherwise the place stays taken for as long as the connection lasts, and a worker with as many processes as such
    jobs never takes another one. The broker hands the job out again after the visibility time-out, to no effect.
    """

    def ack(self, delivery_tag: str) -> None:
        """Tell the broker that a job is done."""
        self._settle(delivery_tag, super().ack)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Tell the broker that a job was not done."""
        self._settle(delivery_tag, lambda tag: super(ForgettingQoS, self).reject(tag, requeue=requeue))

    def _settle(self, delivery_tag: str, tell: Callable[[str], None]) -> None:
        if self.channel.closed:
            # The line by which the job came is gone; asking it for the broker would end the whole worker.
            return
        try:
            tell(delivery_tag)
        except Exception:
            base.QoS.ack(self, delivery_tag)
            raise


def mend() -> None:
    """Let every connection to Redis from this process be of the mended kind."""
    redis.Channel.QoS = ForgettingQoS
    # A bell that nobody has answered is not given back when the broker goes: trying to, while it is away, ends the
    # whole worker. It comes back by itself after the visibility time-out, and the sweep rings much earlier.
    redis.Channel.do_restore = False
