"""The mail of a decision is shown before it is sent, and nothing happens until it is."""

import pytest
from bs4 import BeautifulSoup

from outbox.models import Message
from petitions.models import Petition, Reason, Transition
from petitions.services import moderation
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import DECIDING, RESULTS, fresh, imported, url

NOTE = "Who says so?\n\n<Source>, please."


@pytest.fixture
def waiting(make_petition) -> Petition:
    petition = make_petition(State.SUBMITTED)
    Message.objects.all().delete()
    return petition


def hidden_in(answer) -> dict[str, list[str]]:
    """Return what the form on the page would post again."""
    form = BeautifulSoup(answer.content, "html.parser").select_one("[aria-labelledby=decide] form")
    kept: dict[str, list[str]] = {}
    for each in form.select("input[type=hidden]"):
        kept.setdefault(each["name"], []).append(each["value"])
    return kept


def test_it_shows_the_mail_with_the_typed_note(bobs, waiting, form_of, reason):
    answer = bobs.post(
        url("decide", waiting), form_of(waiting, "reject", note_to_starter=NOTE, step="preview")
    )
    text = answer.content.decode()
    for part in (
        f"Not published: {waiting.title}",
        "Hello Alice Miller,",
        reason.title,
        "&lt;Source&gt;, please.",
    ):
        assert part in text
    assert "alice@example.org" not in text


@pytest.mark.parametrize("decision", list(DECIDING))
def test_nothing_has_happened_after_it(bobs, make_petition, form_of, decision):
    petition = make_petition(DECIDING[decision])
    before = Transition.objects.count(), Message.objects.count(), fresh(petition).state
    answer = bobs.post(url("decide", petition), form_of(petition, decision, step="preview"))
    assert "The mail to the starter" in answer.content.decode()
    assert before == (Transition.objects.count(), Message.objects.count(), fresh(petition).state)


def test_what_is_sent_is_what_was_shown(bobs, waiting, form_of):
    shown = bobs.post(
        url("decide", waiting), form_of(waiting, "reject", note_to_starter=NOTE, step="preview")
    )
    bobs.post(url("decide", waiting), hidden_in(shown))
    assert fresh(waiting).state == State.REJECTED
    assert Message.objects.get().context["note"] == NOTE


def test_one_can_go_back_with_everything_kept(bobs, waiting, form_of):
    typed = form_of(waiting, "reject", note_to_starter=NOTE, internal_note="Third time.", step="preview")
    shown = bobs.post(url("decide", waiting), typed)
    back = bobs.post(url("decide", waiting), {**hidden_in(shown), "step": "back"})
    page = BeautifulSoup(back.content, "html.parser")
    assert page.select_one("[name=note_to_starter]").text.strip() == NOTE
    assert page.select_one("[name=internal_note]").text.strip() == "Third time."
    assert page.select_one("[name=decision][value=reject]").has_attr("checked")
    assert page.select_one("[role=alert]") is None
    assert fresh(waiting).state == State.SUBMITTED


def test_its_layout_is_a_page_that_can_do_nothing(bobs, waiting, form_of):
    answer = bobs.post(
        url("decide", waiting), form_of(waiting, "approve", note_to_starter=NOTE, step="preview-html")
    )
    assert "sandbox; default-src 'none'" in answer["Content-Security-Policy"]
    assert "&lt;Source&gt;, please." in answer.content.decode()
    assert fresh(waiting).state == State.SUBMITTED


def test_what_lacks_a_reason_is_not_shown_but_asked_for(bobs, waiting, form_of):
    answer = bobs.post(url("decide", waiting), form_of(waiting, "reject", reasons=[], step="preview"))
    assert "Choose at least one reason." in answer.content.decode()


def test_a_stale_one_is_told_what_happened(bobs, dora, waiting, form_of, reason):
    form = form_of(waiting, "approve", note_to_starter=NOTE, step="preview")
    moderation.reject(petition=waiting, verdict=verdict(waiting, dora, reasons=[reason]))
    answer = bobs.post(url("decide", waiting), form)
    assert answer.status_code == 409
    for part in ("by Dora Second", "Submitted → Rejected", "&lt;Source&gt;, please.", "Approve this version"):
        assert part in answer.content.decode()


def test_it_says_that_a_reason_hides_the_text(bobs, waiting, form_of):
    hiding = Reason.objects.filter(hides=True).first()
    open_one = bobs.post(url("decide", waiting), form_of(waiting, "reject", step="preview")).content.decode()
    assert "Everybody can read it with your reasons." in open_one
    hidden = bobs.post(
        url("decide", waiting), form_of(waiting, "reject", reasons=[hiding.pk], step="preview")
    )
    assert "hides the text: nobody but" in hidden.content.decode()


def test_where_nobody_gets_a_mail_it_says_so(bobs, form_of):
    petition = imported(state=State.SUBMITTED)
    assert "Preview the mail" not in bobs.get(url("review", petition)).content.decode()
    answer = bobs.post(url("decide", petition), form_of(petition, "reject", step="preview"))
    assert "Nobody gets a mail" in answer.content.decode()


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, waiting, form_of, role):
    answer = client_as(role).post(url("decide", waiting), form_of(waiting, "approve", step="preview"))
    assert answer.status_code in {302, 403}
    assert RESULTS["approve"] != fresh(waiting).state
