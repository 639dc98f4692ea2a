"""An imported petition gets a member as its starter."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from outbox.models import Message
from petitions.states import State
from tests.petitions.admin.conftest import fresh, imported, url


@pytest.mark.parametrize("role", ["anonymous", "member", "staff", "moderator", "administrator"])
def test_it_is_for_administrators(client_as, article, carol, reason, role):
    answer = client_as(role).post(url("hand-over", article), {"address": carol.email, "reasons": [reason.pk]})
    assert answer.status_code in ({403} if role in {"staff", "moderator"} else {302, 403})
    assert fresh(article).starter == (carol if role == "administrator" else None)
    assert fresh(article).state == (State.CHANGES_REQUESTED if role == "administrator" else State.SUBMITTED)


def test_the_member_is_told_what_to_add(ruths, article, carol, reason):
    note = "Say what the city should do."
    form = {"address": "CAROL@example.org", "reasons": [reason.pk], "note_to_starter": note}
    ruths.post(url("hand-over", article), form)
    mail = Message.objects.get(kind="petition-changes-requested")
    assert (mail.to_address, mail.context["note"]) == (carol.email, note)


def test_a_published_one_stays_where_it_is(ruths, carol):
    petition = imported(title="A seed")
    ruths.post(url("hand-over", petition), {"address": carol.email})
    after = fresh(petition)
    assert (after.state, after.starter, after.starter_name) == (State.PUBLISHED, carol, "Patrick L.")
    assert not Message.objects.filter(kind__startswith="petition-").exists()


def test_a_nameless_one_gets_the_members_name(ruths, carol):
    petition = imported(starter_name="")
    ruths.post(url("hand-over", petition), {"address": carol.email})
    assert fresh(petition).starter_name == "Carol Singer"


def test_it_says_who_has_it_now(ruths, carol):
    petition = imported(title="<b>A seed</b>")
    page = ruths.post(url("hand-over", petition), {"address": carol.email}, follow=True).content.decode()
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
    page = ruths.post(url("hand-over", article), {"address": address, "reasons": [reason.pk]})
    assert page.status_code == 200
    assert "Nothing was changed" in page.content.decode()
    assert fresh(article).starter is None


def test_it_wants_a_reason_where_it_goes_back(ruths, article, carol):
    page = ruths.post(url("hand-over", article), {"address": carol.email})
    assert "Choose at least one reason." in page.content.decode()
    assert fresh(article).state == State.SUBMITTED


def test_it_never_takes_a_petition_from_its_starter(ruths, make_petition, carol, alice):
    petition = make_petition(State.PUBLISHED)
    assert ruths.post(url("hand-over", petition), {"address": carol.email}).status_code == 409
    assert fresh(petition).starter == alice


def test_it_is_not_offered_to_moderators(bobs, article):
    assert "Hand it over" not in bobs.get(url("review", article)).content.decode()


def test_it_leaves_a_line_in_the_admins_history(ruths, article, carol, reason):
    ruths.post(url("hand-over", article), {"address": carol.email, "reasons": [reason.pk]})
    history = ruths.get(f"/admin/petitions/petition/{article.pk}/history/").content.decode()
    assert "Handed over to Carol Singer." in history
