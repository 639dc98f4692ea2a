"""An imported petition gets a member as its starter."""

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.http import HttpResponse

from accounts.models import User
from outbox.models import Message
from petitions.models import Petition, Transition
from petitions.services import moderation
from petitions.states import State
from tests.conftest import verdict
from tests.petitions.admin.conftest import fresh, imported, url

NOTE = "Say what the city should do."


def form_of(petition: Petition, member: User | str, **changes: object) -> dict[str, object]:
    """Return what the page's form would post for a petition as it is now."""
    address = member if isinstance(member, str) else member.email
    return {"version": petition.version_id, "state": petition.state, "address": address, **changes}


@pytest.mark.parametrize("role", ["anonymous", "member", "staff", "moderator", "administrator"])
def test_it_is_for_administrators(client_as, article, carol, reason, role):
    answer = client_as(role).post(url("hand-over", article), form_of(article, carol, reasons=[reason.pk]))
    assert answer.status_code in ({403} if role in {"staff", "moderator"} else {302, 403})
    assert fresh(article).starter == (carol if role == "administrator" else None)
    assert fresh(article).state == (State.CHANGES_REQUESTED if role == "administrator" else State.SUBMITTED)


def test_the_member_is_told_what_to_add(ruths, article, carol, reason):
    form = form_of(article, "CAROL@example.org", reasons=[reason.pk], note_to_starter=NOTE)
    ruths.post(url("hand-over", article), form)
    mail = Message.objects.get(kind="petition-changes-requested")
    assert (mail.to_address, mail.context["note"]) == (carol.email, NOTE)


def test_a_published_one_stays_where_it_is(ruths, carol):
    petition = imported(title="A seed")
    ruths.post(url("hand-over", petition), form_of(petition, carol))
    after = fresh(petition)
    assert (after.state, after.starter, after.starter_name) == (State.PUBLISHED, carol, "Patrick L.")
    mail = Message.objects.get(kind__startswith="petition-")
    assert (mail.kind, mail.to_address) == ("petition-handed-over", carol.email)


def test_a_nameless_one_gets_the_members_name(ruths, carol):
    petition = imported(starter_name="")
    ruths.post(url("hand-over", petition), form_of(petition, carol))
    assert fresh(petition).starter_name == "Carol Singer"


def test_it_says_who_has_it_now(ruths, carol):
    petition = imported(title="<b>A seed</b>")
    page = ruths.post(url("hand-over", petition), form_of(petition, carol), follow=True).content.decode()
    assert "Carol Singer is the starter of “&lt;b&gt;A seed&lt;/b&gt;” now." in page
    assert "Hand it over" not in page


@pytest.mark.parametrize(
    "address", ["nobody@example.org", "unproven@example.org", "gone@example.org", "x", ""]
)
def test_it_wants_a_member_who_has_proven_the_address(ruths, article, reason, address):
    unproven = User.objects.create_user("unproven@example.org")
    EmailAddress.objects.create(user=unproven, email=unproven.email, verified=False, primary=True)
    gone = User.objects.create_user("gone@example.org", is_active=False)
    EmailAddress.objects.create(user=gone, email=gone.email, verified=True, primary=True)
    page = ruths.post(url("hand-over", article), form_of(article, address, reasons=[reason.pk]))
    assert page.status_code == 200
    assert "Nothing was changed" in page.content.decode()
    assert fresh(article).starter is None


def test_it_wants_a_reason_where_it_goes_back(ruths, article, carol):
    page = ruths.post(url("hand-over", article), form_of(article, carol))
    assert "Choose at least one reason." in page.content.decode()
    assert fresh(article).state == State.SUBMITTED


def test_it_never_takes_a_petition_from_its_starter(ruths, make_petition, carol, alice):
    petition = make_petition(State.PUBLISHED)
    assert ruths.post(url("hand-over", petition), form_of(petition, carol)).status_code == 409
    assert fresh(petition).starter == alice


def test_it_is_not_offered_to_moderators(bobs, article):
    assert "Hand it over" not in bobs.get(url("review", article)).content.decode()


def test_the_review_says_who_has_handed_it_to_whom(ruths, bobs, carol):
    petition = imported()
    ruths.post(url("hand-over", petition), form_of(petition, carol))
    page = BeautifulSoup(bobs.get(url("review", petition)).content, "html.parser")
    told = page.select_one("[aria-labelledby=record] li").get_text(" ", strip=True)
    assert told.endswith("Handed over to Carol Singer by Ruth Admin")


def test_it_leaves_a_line_in_the_admins_history(ruths, article, carol, reason):
    ruths.post(url("hand-over", article), form_of(article, carol, reasons=[reason.pk]))
    history = ruths.get(f"/admin/petitions/petition/{article.pk}/history/").content.decode()
    assert "Handed over to Carol Singer." in history


def test_what_was_decided_meanwhile_is_not_overwritten(ruths, bob, article, carol, reason):
    form = form_of(article, carol, reasons=[reason.pk], note_to_starter=NOTE)
    moderation.reject(petition=article, verdict=verdict(article, bob, reasons=[reason]))
    answer = ruths.post(url("hand-over", article), form)
    assert answer.status_code == 409
    for part in ("nothing was overwritten", "Submitted → Rejected", carol.email, NOTE, reason.title):
        assert part in answer.content.decode()
    assert (fresh(article).state, fresh(article).starter) == (State.REJECTED, None)


def test_who_comes_second_gets_everything_back(ruths, alice, article, carol, reason):
    ruths.post(url("hand-over", article), form_of(article, alice, reasons=[reason.pk]))
    now = fresh(article)
    answer = ruths.post(url("hand-over", article), form_of(now, "nobody@example.org", note_to_starter=NOTE))
    assert answer.status_code == 409
    for part in ("belongs to somebody already", "nobody@example.org", NOTE, "by Ruth Admin"):
        assert part in answer.content.decode()


@pytest.mark.parametrize(
    "changes", [{"version": ""}, {"version": "x"}, {"state": ""}, {"state": "published"}]
)
def test_it_wants_to_know_what_was_read(ruths, article, carol, reason, changes):
    form = form_of(article, carol, reasons=[reason.pk], **changes)
    assert ruths.post(url("hand-over", article), form).status_code == 409
    assert fresh(article).starter is None


def test_the_page_says_what_it_shows(ruths, article):
    form = BeautifulSoup(handing(ruths.get(url("review", article))), "html.parser")
    shown = {each["name"]: each["value"] for each in form.select("[name=version], [name=state]")}
    assert shown == {"version": str(article.version_id), "state": "submitted"}


def test_the_mail_is_shown_before_it_is_sent(ruths, article, carol, reason):
    before = Transition.objects.count(), Message.objects.count()
    typed = form_of(article, carol, reasons=[reason.pk], note_to_starter=NOTE)
    shown = ruths.post(url("hand-over", article), {**typed, "step": "preview"})
    page = BeautifulSoup(shown.content, "html.parser")
    mail = page.select_one("[aria-labelledby=mail]").text
    for part in ("Carol Singer", reason.title, NOTE):
        assert part in mail
    assert (Transition.objects.count(), Message.objects.count()) == before
    assert fresh(article).starter is None
    form = page.select_one("[aria-labelledby=decide] form")
    kept = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    assert form.select_one("input[type=submit]")["value"] == "Hand over"
    back = ruths.post(form["action"], {**kept, "step": "back"}).content.decode()
    assert NOTE in back
    assert carol.email in back
    ruths.post(form["action"], kept)
    assert (fresh(article).state, fresh(article).starter) == (State.CHANGES_REQUESTED, carol)
    assert Message.objects.get().context["note"] == NOTE


def test_where_it_stays_the_mail_that_says_so_is_shown(ruths, carol):
    petition = imported(title="A seed")
    assert "Preview the mail" in handing(ruths.get(url("review", petition)))
    shown = ruths.post(url("hand-over", petition), form_of(petition, carol, step="preview")).content
    mail = BeautifulSoup(shown, "html.parser").select_one("[aria-labelledby=mail]").text
    for part in ("To" + carol.shown_name, "Yours now: A seed", "has handed this petition over to you"):
        assert part in mail
    assert not Message.objects.exists()
    assert fresh(petition).starter is None


def test_what_goes_back_offers_its_mail(ruths, article):
    assert "Preview the mail" in handing(ruths.get(url("review", article)))


def handing(answer: HttpResponse) -> str:
    """Return the part of the page that hands over."""
    return str(BeautifulSoup(answer.content, "html.parser").select_one("[aria-labelledby=hand-over]"))
