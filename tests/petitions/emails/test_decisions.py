import pytest

from outbox.models import Message
from petitions.models import Petition, Reason
from petitions.services import drafting, moderation
from tests.conftest import verdict

SITE = "http://localhost"
TITLE = "Lamps & <benches> for “us”"
NOTE = "Who says so?\n\n<Source>, please."


@pytest.fixture
def waiting(make_submission) -> Petition:
    return make_submission(title=TITLE)


@pytest.fixture
def decide(waiting, bob):
    """Return how Bob decides on Alice's petition, with as many reasons as told."""

    def decided(decision, reasons: int = 1, note: str = "", **extra):
        chosen = Reason.objects.order_by("position")[:reasons]
        said = verdict(waiting, bob, reasons=chosen, note_to_starter=note, internal_note="Never told")
        return decision(petition=waiting, verdict=said, **extra)

    return decided


def test_a_receipt_says_what_happens_next(mail, waiting):
    receipt = mail("petition-submitted")
    assert (receipt.to, receipt.subject) == ("alice@example.org", f"With the moderators: {TITLE}")
    assert "Hello Alice Miller," in receipt.text
    assert receipt.html.h1.text == TITLE
    assert receipt.button.endswith(waiting.get_manage_url())
    assert receipt.button in receipt.text


def test_an_approval_brings_the_address_to_pass_on(mail, waiting, bob):
    moderation.approve(petition=waiting, verdict=verdict(waiting, bob))
    approved = mail("petition-approved")
    assert approved.subject == f"Published: {TITLE}"
    assert approved.button.endswith(waiting.get_absolute_url())
    assert f"to pass on:\n{approved.button}\n" in approved.text
    assert waiting.get_manage_url() in approved.text
    assert "moderator writes" not in approved.text


def test_an_approval_may_bring_a_word(mail, waiting, bob):
    moderation.approve(petition=waiting, verdict=verdict(waiting, bob, note_to_starter=NOTE))
    assert NOTE in mail("petition-approved").text


REQUEST = (moderation.request_changes, "petition-changes-requested", "Please change something")
REJECT = (moderation.reject, "petition-rejected", "Not published")


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("step", [REQUEST, REJECT])
def test_a_decision_gives_every_reason_and_the_next_step(mail, decide, waiting, step, count):
    decision, kind, subject = step
    decide(decision, count, NOTE)
    told = mail(kind)
    given = list(Reason.objects.order_by("position")[:count])
    assert told.subject == f"{subject}: {TITLE}"
    assert ("The reasons:" in told.text) == (count > 1)
    assert [each.text for each in told.html.select("li strong")] == [f"{reason.title}." for reason in given]
    assert all(f"- {reason.title}.\n  {reason.public_text}" in told.text for reason in given)
    assert NOTE in told.text
    assert "<Source>, please." in told.html.blockquote.text
    assert told.button.endswith(waiting.get_manage_url())
    assert "/rules/" in told.text


def test_a_removal_says_what_becomes_of_the_signatures(mail, decide, waiting, bob):
    moderation.approve(petition=waiting, verdict=verdict(waiting, bob))
    decide(moderation.take_down)
    told = mail("petition-removed")
    assert told.subject == f"Taken down: {TITLE}"
    assert "signatures are kept" in told.text
    assert told.button.endswith(waiting.get_manage_url())


@pytest.mark.parametrize("decision", [moderation.request_changes, moderation.reject])
def test_no_mail_tells_what_is_not_for_the_starter(decide, decision):
    decide(decision)
    for message in Message.objects.exclude(kind="moderation-waiting"):
        assert "Never told" not in str(message.context)
        assert "Bob" not in str(message.context)


def test_a_petition_without_an_account_tells_nobody(waiting, bob):
    Petition.objects.filter(pk=waiting.pk).update(starter=None)
    moderation.approve(petition=waiting, verdict=verdict(waiting, bob))
    assert not Message.objects.filter(kind="petition-approved").exists()


def test_each_decision_is_told_once_and_each_submission_has_its_receipt(alice, decide, waiting):
    decide(moderation.request_changes)
    drafting.submit(petition=waiting, starter=alice)
    assert Message.objects.filter(kind="petition-submitted").count() == 2
    assert Message.objects.filter(kind="petition-changes-requested").count() == 1


def test_the_text_part_has_no_gaps_and_no_markup(mail, decide):
    decide(moderation.reject, 2, NOTE)
    text = mail("petition-rejected").text
    assert "\n\n\n" not in text.replace(NOTE, "note")
    assert "&amp;" not in text
    assert "<p>" not in text
