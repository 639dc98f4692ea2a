import pytest

from outbox import kinds
from outbox.checks import check_kinds
from outbox.kinds import Kind, UnknownKindError


def test_it_finds_a_registered_kind():
    assert kinds.get("note").template_names() == (
        "emails/trial/note.subject.txt",
        "emails/trial/note.txt",
        "emails/trial/note.html",
    )


def test_it_refuses_a_second_kind_of_the_same_name():
    with pytest.raises(ValueError, match="'note' is registered twice"):
        kinds.register(Kind("note", "trial/letter"))


def test_it_names_the_known_kinds_when_asked_for_another():
    with pytest.raises(
        UnknownKindError, match=r"no mail kind 'nothing'; registered are: broken, letter, note\."
    ):
        kinds.get("nothing")


def test_the_check_is_content_with_the_trial_kinds():
    assert list(check_kinds()) == []


@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        (Kind("x", "trial/letter", lane="bulk", bulk=True), ["outbox.E001"]),
        (Kind("x", "trial/letter", bulk=True, unsubscribe_url=str), ["outbox.E002"]),
        (Kind("x", "trial/nothing"), ["outbox.E003"] * 3),
    ],
)
def test_the_check_finds_a_kind_that_would_not_work(kind, faults):
    kinds.register(kind)
    assert [fault.id for fault in check_kinds()] == faults
