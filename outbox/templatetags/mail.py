"""What pages on which somebody waits for a mail need to know of the outbox."""

from django import template

from outbox.lateness import is_late

register = template.Library()

register.simple_tag(is_late, name="is_mail_late")
