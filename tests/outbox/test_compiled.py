"""Mails that are put together from parts made once say what the plain ones say."""

import quopri

import pytest

from outbox import compiled, kinds
from outbox.compiled import seal
from outbox.delivery import deliver
from outbox.kinds import Kind
from outbox.models import Lane, Message
from outbox.post import message_id_for
from outbox.quoted import Form
from outbox.render import Words
from tests.outbox.sameness import HOSTILE, compare

LONG = "https://petitions.example/" + "way-" * 400 + "?a=b&c=d"


@pytest.fixture(autouse=True)
def bulletin(_trial_kinds):
    kind = Kind(
        "bulletin",
        "trial/bulletin",
        lane="bulk",
        bulk=True,
        unsubscribe_url=lambda message: f"https://example.org/unsubscribe/{message.context['number']}/",
        personal=("number", "name", "link"),
    )
    kinds.register(kind)
    return kind


def row(to="carol@example.org", language="en", **values):
    context = {"number": 7, "name": "Carol", "link": "https://example.org/a/", "title": "Lamps", **values}
    key = message_id_for(f"bulletin:{context['number']}")
    return Message(pk=7, kind="bulletin", to_address=to, language=language, context=context, message_id=key)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_is_it_arrives_as_in_a_plain_mail(name):
    message = row(name=name, link=LONG)
    compare(seal(message), message)


@pytest.mark.parametrize("title", [each for each in HOSTILE if each.strip()])
def test_whatever_all_share_arrives_as_in_a_plain_mail(title):
    message = row(title=title)
    compare(seal(message), message)


@pytest.mark.parametrize("language", ["en", "de", "tlh"])
def test_each_language_is_made_for_itself(settings, language):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    message = row(language=language)
    compare(seal(message), message)


def test_what_all_share_is_made_once(monkeypatch):
    made = []
    words = compiled.words
    monkeypatch.setattr(compiled, "words", lambda *args: made.append(1) or words(*args))
    compiled._skeleton.cache_clear()
    assert b"Dave" in seal(row(number=1, name="Dave")).content
    assert b"Erin" in seal(row(number=2, name="Erin")).content
    assert len(made) == 1
    assert b"Benches" in seal(row(number=3, title="Benches")).content
    assert len(made) == 2


def test_a_name_of_the_sites_own_cannot_be_taken(settings):
    message = row(site_name="Phish")
    compare(seal(message), message)
    settings.SITE_NAME = "Other"
    compare(seal(message), message)


@pytest.mark.parametrize(
    "message",
    [
        row(to="zoë@example.org"),
        row(to='"a b"@example.org'),
        row(to="a..b@example.org"),
        row(to="carol@exämple.org"),
        row(to="carol@example.org\r\nBcc: x@y.org"),
        row(to=f"{'x' * 250}@example.org"),
        row(number="1\r\nBcc: mallory@example.org"),
        row(number="ö"),
        row(number="1" * 900),
        row(name=None),
        row(name=5),
    ],
)
def test_the_extraordinary_goes_the_plain_way(message):
    assert seal(message) is None


def test_a_value_that_is_missing_is_a_matter_for_the_templates():
    message = row()
    del message.context["link"]
    assert seal(message) is None


def test_a_subject_of_ones_own_goes_the_plain_way(bulletin):
    kinds._kinds["bulletin"] = Kind(**{**vars(bulletin), "personal": ("number", "title")})
    assert seal(row()) is None


@pytest.mark.parametrize("text", ["{name}, hello\n", "Hello {name}\n"])
def test_a_text_that_loses_a_values_blanks_goes_the_plain_way(monkeypatch, text):
    compiled._skeleton.cache_clear()
    monkeypatch.setattr(
        compiled, "words", lambda _kind, values: Words("News", text.format(**values), "<p>x</p>")
    )
    assert seal(row()) is None
    compiled._skeleton.cache_clear()


def test_kinds_without_personal_values_go_the_plain_way():
    message = row()
    message.kind = "letter"
    assert seal(message) is None


@pytest.mark.parametrize("text", ["", "x", "xM", "Mx", "M", "MM", "aMbMc\n", "M\nM", "a \nM \n M"])
@pytest.mark.parametrize("value", ["", "v", "ö" * 99, "a\n", " ", "\n", "=", "x" * 75, "x" * 76, "x" * 77])
def test_forms_can_be_cut_and_filled_anywhere(text, value):
    filled = Form.cut(text, {"M": "key"}, is_html=False).filled({"key": value})
    lines = filled.decode("ascii").split("\r\n")
    assert max(map(len, lines)) <= 76
    assert _decoded(filled) == text.replace("M", value)


def _decoded(filled):
    return quopri.decodestring(filled).decode().replace("\r\n", "\n")


@pytest.mark.django_db
def test_it_is_what_arrives(smtp_sink, write):
    values = {"number": 7, "name": ".\r\n<Zoë>", "link": LONG, "title": "Lamps"}
    [message] = write("bulletin", "carol", context=values)
    assert deliver([Lane.BULK]) == 1
    [mail] = smtp_sink.mails
    compare(seal(message), message)
    assert mail["Content-Type"].params["boundary"].startswith("=_")
    assert "Hello, .\n<Zoë> and" in mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert mail["List-Unsubscribe"] == "<https://example.org/unsubscribe/7/>"
