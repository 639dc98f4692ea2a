"""What the answers of mail servers are taken to mean."""

import smtplib
import ssl

import pytest

from outbox import answers

MAILBOX, US, MAIL = "mailbox", "us", "mail"


def recipient(answer):
    code, _, text = answer.partition(" ")
    return smtplib.SMTPRecipientsRefused({"carol@example.org": (int(code), text.encode())})


def text(answer):
    code, _, words = answer.partition(" ")
    return smtplib.SMTPDataError(int(code), words.encode())


def sender(answer):
    code, _, words = answer.partition(" ")
    return smtplib.SMTPSenderRefused(int(code), words.encode(), "hundred@example.org")


def meaning(fault):
    if answers.is_about_us(fault):
        return US
    return MAILBOX if answers.is_about_the_mailbox(fault) else MAIL


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (recipient("550 no such person"), MAILBOX),
        (recipient("551 not here"), MAILBOX),
        (recipient("553 no name like this"), MAILBOX),
        (recipient("556 takes no mail"), MAILBOX),
        (recipient("550 5.0.0 unknown"), MAILBOX),
        (recipient("554 5.1.1 <relay@relay.example>: unknown"), MAILBOX),
        (recipient("550 5.1.10 null MX"), MAILBOX),
        (recipient("550 5.2.1 disabled"), MAILBOX),
        (text("550 5.1.1 unknown after all"), MAILBOX),
        (recipient("552 full"), MAIL),
        (recipient("552 5.2.2 full"), MAIL),
        (recipient("550 5.7.1 listed"), MAIL),
        (recipient("554 refused"), MAIL),
        (text("550 this is spam"), MAIL),
        (text("554 5.7.1 this is spam"), MAIL),
        (text("550 5.6.7 letters"), MAIL),
        (recipient("450 4.1.1 not now"), MAIL),
        (recipient("450 5.1.1 of two minds"), MAIL),
        (sender("552 5.3.4 too big"), MAIL),
        (sender("451 later"), MAIL),
        (sender("550 5.7.1 you may not"), US),
        (sender("553 5.1.8 no such domain"), US),
        (recipient("550 5.1.8 no such domain"), US),
        (recipient("530 5.7.0 log in first"), US),
        (text("535 5.7.8 no longer"), US),
        (recipient("554 5.7.1 <carol@example.org>: Relay access denied"), US),
        (recipient("553 5.7.1 <x@y.org>: Sender address rejected: not owned by user"), US),
    ],
    ids=str,
)
def test_it_knows_whom_a_refusal_is_about(fault, expected):
    assert meaning(fault) == expected


@pytest.mark.parametrize(
    "fault",
    [
        smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong"),
        smtplib.SMTPConnectError(554, b"not you"),
        smtplib.SMTPHeloError(550, b"not that name"),
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        smtplib.SMTPException("No suitable authentication method found."),
        ssl.SSLCertVerificationError("self-signed"),
    ],
    ids=repr,
)
def test_it_knows_what_shuts_the_door(fault):
    assert answers.shuts_the_door(fault)


@pytest.mark.parametrize(
    "fault",
    [
        smtplib.SMTPAuthenticationError(454, b"4.7.0 for now"),
        smtplib.SMTPConnectError(421, b"busy"),
        smtplib.SMTPServerDisconnected("gone"),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=repr,
)
def test_it_knows_what_passes(fault):
    assert not answers.shuts_the_door(fault)


def test_it_keeps_no_address_and_no_endless_words():
    words = answers.words_of(text("550 <carol@example.org>\x00 " + "no " * 400))
    assert words.startswith("550 <c***@example.org>")
    assert len(words) == 500
    assert "\x00" not in words
