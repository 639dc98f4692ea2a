"""What a mail server's refusal is about: us, a mailbox that is not there, or only this mail.

Sources. Basic codes: RFC 5321, 4.2.3 and 4.3.2. Log-in: RFC 4954, 6 (530, 534, 535, 538). Servers and domains that take
no mail: RFC 7504 (521, 556), RFC 7505 (5.1.10). Enhanced codes: RFC 3463, 3.2 (5.1.x, addresses) and 3.3 (5.2.x,
mailboxes).

- *Us*: any 5xx at the door (greeting, TLS, log-in) or for the sender (MAIL FROM), a log-in code at any later step, 5.1.7
  and 5.1.8 (the sender's address), and a recipient refused because the server won't relay for us or takes offence at
  the sender; many servers say the last two only at RCPT TO. Not 552 for the sender: this one mail is too big.
- *The mailbox*: 5.1.0 to 5.1.4, 5.1.6, 5.1.10 and 5.2.1 (disabled) wherever said; without an enhanced code, or with
  5.0.x, which says no more than the basic one: 550, 551, 553 and 556, but only as the answer to RCPT TO.
- *This mail*: all else, 5.2.2 (full), 5.6.x (content) and 5.7.x (policy) too: another mail may well be taken.
"""

import re
import smtplib
import ssl

from outbox.masking import mask_all

CLOSING = 421
_PERMANENT = range(500, 600)
_TOO_BIG = 552
_LOG_IN = {530, 534, 535, 538}
_SENDERS_ADDRESS = {(1, 7), (1, 8)}
_NOBODY_THERE = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1)}
_NOBODY_THERE_BASIC = {550, 551, 553, 556}
_ENHANCED = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
# What Postfix, Exim, Sendmail and Exchange say; the enhanced code beside it (5.7.1) stands for any policy.
_WONT_RELAY = re.compile(
    r"\brelay(ing)?( access)? (denied|not permitted|prohibited)|unable to relay|\bsender (address )?rejected",
    re.IGNORECASE,
)
_LONGEST = 500


def code_of(fault: Exception) -> int | None:
    """Return the server's code; None for a fault that is no answer."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return next(iter(fault.recipients.values()))[0]
    # smtplib makes up -1 for an answer that it can't read, and reads a code into a line that was cut off; no refusal is
    # below 400.
    if isinstance(fault, smtplib.SMTPResponseException) and fault.smtp_code >= 400:  # noqa: PLR2004 - as in RFC 5321
        return int(fault.smtp_code)
    return None


def words_of(fault: Exception) -> str:
    """Return the server's own words without addresses: they are kept in the row and shown to administrators."""
    answer = f"{code_of(fault) or type(fault).__name__} {_text_of(fault)}".replace("\x00", "")
    return mask_all(" ".join(answer.split()))[:_LONGEST]


def is_permanent(fault: Exception) -> bool:
    """Say whether the server will answer the same the next time."""
    return code_of(fault) in _PERMANENT


def shuts_the_door(fault: Exception) -> bool:
    """Say whether no conversation can come about before somebody changes settings, here or at the server."""
    lacks_what_we_need = isinstance(fault, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError)
    # The bare class is how smtplib says that it knows none of the server's ways to log in.
    return is_permanent(fault) or lacks_what_we_need or type(fault) is smtplib.SMTPException


def is_about_us(fault: Exception) -> bool:
    """Say whether a refusal in the middle of a conversation would meet every other mail too."""
    if not is_permanent(fault):
        return False
    if isinstance(fault, smtplib.SMTPSenderRefused):
        return fault.smtp_code != _TOO_BIG
    if code_of(fault) in _LOG_IN or _enhanced(fault) in _SENDERS_ADDRESS:
        return True
    return isinstance(fault, smtplib.SMTPRecipientsRefused) and bool(_WONT_RELAY.search(_text_of(fault)))


def is_about_the_mailbox(fault: Exception) -> bool:
    """Say whether there is nobody at this address, now and for good."""
    if not is_permanent(fault) or is_about_us(fault):
        return False
    enhanced = _enhanced(fault)
    if enhanced and enhanced[0] != 0:
        return enhanced in _NOBODY_THERE
    return isinstance(fault, smtplib.SMTPRecipientsRefused) and code_of(fault) in _NOBODY_THERE_BASIC


def _text_of(fault: Exception) -> str:
    words: bytes | str = str(fault)
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        words = next(iter(fault.recipients.values()))[1]
    elif isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _enhanced(fault: Exception) -> tuple[int, int] | None:
    """Return the second and third number of the code that RFC 2034 puts before the text."""
    found = _ENHANCED.match(_text_of(fault).lstrip())
    return (int(found[1]), int(found[2])) if found else None
