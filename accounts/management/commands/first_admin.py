"""Make the administrator of a site that runs on one machine."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts import services
from accounts.models import User

DEFAULT_EMAIL = "admin@localhost.localdomain"


class Command(BaseCommand):
    """Make the first administrator with a random password, kept in DATA_DIR; do nothing where there is one."""

    help = "Make the first administrator of a local site and keep the password in DATA_DIR/admin-password."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account and its file together or not at all."""
        if not settings.LOCAL:
            raise CommandError("first_admin works only with LOCAL=1; on a server use createsuperuser.")
        if User.objects.filter(is_superuser=True).exists():
            return
        email, password = _address(), secrets.token_urlsafe(18)
        with transaction.atomic():
            services.add_administrator(email=email, password=password)
            write_secret(Path(settings.DATA_DIR) / "admin-password", password)
        self.stdout.write(f"Administrator: {email}")


def _address() -> str:
    email = os.environ.get("ADMIN_EMAIL") or DEFAULT_EMAIL
    try:
        validate_email(email)
    except ValidationError as fault:
        raise CommandError(f"ADMIN_EMAIL is no e-mail address: {email}") from fault
    return email


def write_secret(path: Path, secret: str) -> None:
    """Write a file that only its owner can read; it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secret}\n")
        os.replace(name, path)  # noqa: PTH105 - Path.replace would hide that it is atomic
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
