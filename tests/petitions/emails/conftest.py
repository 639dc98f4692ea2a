"""Each mail of this room as its reader gets it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from outbox.models import Message
from outbox.render import render


@dataclass(frozen=True)
class Mail:
    """A mail, taken apart."""

    to: str
    subject: str
    text: str
    html: BeautifulSoup

    @property
    def button(self) -> str:
        """Where its one button leads."""
        (link,) = self.html.select(".m-btn a")
        return str(link["href"])


def read(message: Message) -> Mail:
    """Render a row."""
    mail = render(message)
    return Mail(
        mail.to[0], mail.subject, str(mail.body), BeautifulSoup(mail.alternatives[0].content, "html.parser")
    )


@pytest.fixture
def mail(db: None) -> Callable[[str], Mail]:
    """Return a reader of the one mail of a kind."""
    return lambda kind: read(Message.objects.get(kind=kind))
