"""Mail as files, for a laptop without a mail server: `/dev/mail/` shows them."""

import os
import uuid
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from lib import clock

SUFFIX = ".eml"


class FolderBackend(BaseEmailBackend):
    """Writes each mail whole into `MAIL_DIR`, under a name that sorts by time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails and return how many there were; a reader never sees half of one."""
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder, message.message().as_bytes())
        return len(email_messages)


def _write(folder: Path, content: bytes) -> None:
    stamp = clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
    name = f"{stamp}-{uuid.uuid4().hex[:12]}{SUFFIX}"
    unfinished = folder / f".{name}"
    # Mails hold sign-in codes: nobody but the owner of the process reads them.
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    unfinished.replace(folder / name)
