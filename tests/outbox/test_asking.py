"""Whether mails are still wanted: asked for many at once, and never relied on for long."""

import pytest

from outbox import asking, kinds
from outbox.asking import Gate
from outbox.delivery import deliver
from outbox.kinds import Kind
from outbox.models import Lane, Message, State
from tests.outbox.conftest import make_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """Let the letter's room answer for many at once; return what it was asked, and whom it wants."""
    questions, unwanted = [], set()

    def wanted_among(messages):
        questions.append([each.to_address[0] for each in messages])
        return {each.pk for each in messages if each.to_address[0] not in unwanted}

    letter = Kind(**{**vars(kinds.get("letter")), "wanted_among": wanted_among})
    monkeypatch.setitem(kinds._kinds, "letter", letter)
    return questions, unwanted


def states():
    return dict(Message.objects.values_list("to_address", "state"))


def test_a_group_is_asked_about_at_once(smtp_sink, write, asked):
    questions, unwanted = asked
    unwanted.add("b")
    write("letter", "a", "b", "c")
    assert deliver([Lane.BULK]) == 2
    assert questions == [["a", "b", "c"]]
    assert states()["b@example.org"] == State.DROPPED
    assert Message.objects.get(state=State.DROPPED).last_error == asking.UNWANTED


def test_an_old_answer_is_not_relied_on(smtp_sink, write, asked, monkeypatch):
    questions, unwanted = asked
    monkeypatch.setattr(asking, "FRESH_SECONDS", -1.0)
    write("letter", "a", "b", "c")
    real = Gate.reason_to_drop

    def leave_meanwhile(self, message, following):
        answer = real(self, message, following)
        unwanted.add("c")
        return answer

    monkeypatch.setattr(Gate, "reason_to_drop", leave_meanwhile)
    assert deliver([Lane.BULK]) == 2
    assert questions == [["a", "b", "c"], ["b", "c"], ["c"]]
    assert states()["c@example.org"] == State.DROPPED


def test_who_has_left_between_two_groups_gets_nothing(smtp_sink, write, asked):
    _questions, unwanted = asked
    write("letter", "a", "b")
    deliver([Lane.BULK])
    unwanted.add("c")
    write("letter", "c", "d")
    deliver([Lane.BULK])
    assert [str(each["To"])[0] for each in smtp_sink.mails] == ["a", "b", "d"]


def test_one_that_can_not_be_asked_about_harms_no_other(smtp_sink, write, monkeypatch):
    def wanted_among(messages):
        return {each.pk for each in messages if each.context["title"]}

    def still_wanted(message):
        return bool(message.context["title"])

    letter = {**vars(kinds.get("letter")), "wanted_among": wanted_among, "still_wanted": still_wanted}
    monkeypatch.setitem(kinds._kinds, "letter", Kind(**letter))
    write("letter", "a", "c")
    [ill] = write("letter", "b", context={"name": "Bob"})
    make_due(ill)
    assert deliver([Lane.BULK]) == 2
    ill.refresh_from_db()
    assert (ill.state, ill.attempts) == (State.QUEUED, 1)
    assert "KeyError" in ill.last_error


def test_a_mail_that_is_not_bulk_is_asked_about_by_itself(smtp_sink, write):
    seen = []
    kinds.register(Kind("odd", "trial/note", still_wanted=lambda message: not seen.append(message.pk)))
    messages = write("odd", "a", "b")
    deliver([Lane.URGENT])
    assert seen == [each.pk for each in messages]
