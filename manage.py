#!/usr/bin/env python
"""Django's commands, on the site that `make run` runs or on the one the environment names."""

import os
import sys

from embedded import data_dir, environment
from embedded.trouble import Trouble

try:
    from django.core.management import execute_from_command_line
except ImportError:
    sys.exit("Django is not installed for this Python: use .venv/bin/python manage.py (`make run` makes it).")


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not os.environ.get("DATABASE_URL"):
        try:
            environment.adopt(os.environ, data_dir.find(os.environ))
        except Trouble as trouble:
            sys.exit(str(trouble))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
