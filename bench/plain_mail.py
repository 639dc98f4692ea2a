"""The anchor of the fan-out: `python -m bench.plain_mail SECONDS` prints how many mails a second one process makes.

Each is rendered from the site's templates by Django and turned into MIME by Python, and goes nowhere.
"""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402 - Django has to be set up first
from django.template.loader import render_to_string  # noqa: E402

from lib.web import site  # noqa: E402

FOLDER = "emails/signatures/milestone-supporter"
URL = "https://petitions.example"


def mail(number: int) -> bytes:
    """Return the mail to one supporter as it goes over the wire."""
    values = {
        **site.facts(),
        "language": "en",
        "milestone": 1,
        "title": "Keep the river path lit until midnight",
        "starter": "Alice Miller",
        "called": "Alice",
        "url": f"{URL}/petitions/keep-the-river-path-lit-until-midnight-1/",
        "manage_url": f"{URL}/petitions/keep-the-river-path-lit-until-midnight-1/manage/",
        "threshold": 100_000,
        "signatures": 100_001,
        "goal": 150_000,
        "signature": number,
        "name": f"Person {number}",
        "withdraw_url": f"{URL}/signatures/withdraw/{number}:{'x' * 43}/",
        "unsubscribe_url": f"{URL}/unsubscribe/milestone-supporter.{number}:{'x' * 43}/",
    }
    made = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{FOLDER}.subject.txt", values).split()),
        body=render_to_string(f"{FOLDER}.txt", values).strip() + "\n",
        to=[f"person-{number}@example.org"],
        headers={
            "Message-ID": f"<{number}@petitions.example>",
            "X-Mail-Kind": "milestone-supporter",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{values['unsubscribe_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    made.attach_alternative(render_to_string(f"{FOLDER}.html", values).strip(), "text/html")
    return made.message().as_bytes(linesep="\r\n")


def main(seconds: float) -> float:
    """Make mails for so long and return how many it were in a second."""
    mail(0)
    made, began = 0, time.monotonic()
    while time.monotonic() < began + seconds:
        made += 1
        mail(made)
    return made / (time.monotonic() - began)


if __name__ == "__main__":
    print(main(float(sys.argv[1])))
