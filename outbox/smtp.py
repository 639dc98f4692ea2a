"""An SMTP conversation that ends in time and knows whether the server may have taken the mail."""

import contextlib
import smtplib
import socket
import threading
import time
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from outbox.compiled import Sealed

# The socket's own time-out starts anew with every byte; this one bounds connecting, and each mail, as a whole.
CONVERSATION_SECONDS = 30.0


class _Clock:
    """Hangs up when a conversation takes too long: one thread for a connection, asleep but for once in its time."""

    def __init__(self, conversation: "_Watched") -> None:
        self._conversation = conversation
        self._over = threading.Event()
        self._until: float | None = None
        threading.Thread(target=self._watch, args=[CONVERSATION_SECONDS], daemon=True).start()

    def start(self) -> None:
        """Let the time begin."""
        self._until = time.monotonic() + CONVERSATION_SECONDS

    def rest(self) -> None:
        """Ask nothing of the server now."""
        self._until = None

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()

    def _watch(self, seconds: float) -> None:
        # What begins meanwhile ends no earlier than a whole time after it.
        wait = seconds
        while not self._over.wait(wait):
            until = self._until
            wait = seconds if until is None else until - time.monotonic()
            if wait <= 0:
                self._conversation.hang_up()
                return


class _Watched(smtplib.SMTP):
    """Hangs up on a server that takes too long, and remembers if it has the text of the mail at hand."""

    text_given = False
    _clock: _Clock | None = None

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Start the clock for the greeting and the log-in."""
        self._start()
        try:
            return super().connect(*args, **kwargs)
        except OSError:
            self._end()
            raise

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        """Start the clock for one mail."""
        self._start()
        self.text_given = False
        return super().mail(*args, **kwargs)

    def data(self, msg: Any) -> Any:
        """Hand over the text; from here on nobody but the server knows whether it took it."""
        self.text_given = True
        answer = super().data(msg)
        self.rest()
        return answer

    def quit(self) -> Any:
        """Take leave, but not for longer than a conversation."""
        self._start()
        return super().quit()

    def close(self) -> None:
        """Close the connection and end the clock."""
        self._end()
        super().close()

    def rest(self) -> None:
        """Stop the clock: nothing is asked of the server now."""
        if self._clock:
            self._clock.rest()

    def hang_up(self) -> None:
        """Break the connection under whoever waits for the server."""
        # The plain socket's own method: the TLS one would forget its encryption under the thread that is using it.
        with contextlib.suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def _start(self) -> None:
        self._clock = self._clock or _Clock(self)
        self._clock.start()

    def _end(self) -> None:
        if self._clock:
            self._clock.end()
            self._clock = None


class _WatchedSsl(_Watched, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class SmtpBackend(EmailBackend):
    """Django's SMTP backend with watched conversations."""

    _partial_connection: smtplib.SMTP | None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the class of conversation that the settings ask for."""
        return _WatchedSsl if self.use_ssl else _Watched

    @property
    def text_given(self) -> bool:
        """Say whether the text of the last mail was handed over, or had begun to be."""
        return bool(getattr(self.connection, "text_given", False))

    def open(self) -> bool | None:
        """Open the connection if there is none, with the clock running until it is ready."""
        opened = super().open()
        if opened and isinstance(self.connection, _Watched):
            self.connection.rest()
        return opened

    def send_sealed(self, sealed: Sealed) -> None:
        """Send a mail as it is over the open connection."""
        if self.connection is None:
            raise smtplib.SMTPServerDisconnected("there is no connection")
        self.connection.sendmail(sealed.sender, [sealed.recipient], sealed.content)

    def drop(self) -> None:
        """Let go of a broken connection without the courtesies that it would make us wait for."""
        for conversation in (self.connection, self._partial_connection):
            if conversation is not None:
                conversation.close()
        self.connection = self._partial_connection = None
