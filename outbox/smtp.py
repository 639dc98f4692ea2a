"""An SMTP conversation that ends in time and knows whether the server may have taken the mail."""

import contextlib
import smtplib
import socket
import threading
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

# The socket's own time-out starts anew with every byte; this one bounds connecting, and each mail, as a whole.
CONVERSATION_SECONDS = 30.0


class _Watched(smtplib.SMTP):
    """Hangs up on a server that takes too long, and remembers if it has the text of the mail at hand."""

    text_given = False
    _timer: threading.Timer | None = None

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Start the clock for the greeting and the log-in."""
        self._watch()
        try:
            return super().connect(*args, **kwargs)
        except OSError:
            self.rest()
            raise

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        """Start the clock for one mail."""
        self._watch()
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
        self._watch()
        return super().quit()

    def close(self) -> None:
        """Close the connection and stop the clock."""
        self.rest()
        super().close()

    def rest(self) -> None:
        """Stop the clock: nothing is asked of the server now."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _watch(self) -> None:
        self.rest()
        self._timer = threading.Timer(CONVERSATION_SECONDS, self._hang_up)
        self._timer.daemon = True
        self._timer.start()

    def _hang_up(self) -> None:
        # The plain socket's own method: the TLS one would forget its encryption under the thread that is using it.
        with contextlib.suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


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

    def drop(self) -> None:
        """Let go of a broken connection without the courtesies that it would make us wait for."""
        for conversation in (self.connection, self._partial_connection):
            if conversation is not None:
                conversation.close()
        self.connection = self._partial_connection = None
