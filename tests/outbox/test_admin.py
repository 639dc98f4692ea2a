import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.urls import reverse

from lib import desk
from outbox import pausing, suppressing
from outbox.admin import MessageAdmin
from outbox.masking import mask, mask_all
from outbox.models import Message, Pause, State, Suppression

pytestmark = pytest.mark.django_db
LIST = "/admin/outbox/message/"
BACK = "/admin/outbox/suppression/"


@pytest.fixture(autouse=True)
def _no_factor(settings):
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def root(client_of, admin_person):
    return client_of(admin_person)


@pytest.fixture
def text(root):
    """Return a way to read a page as an administrator."""
    return lambda url, **values: root.get(url, values).content.decode()


def page_of(message):
    return f"{LIST}{message.pk}/change/"


def die(*messages, **facts):
    rows = Message.objects.filter(pk__in=[each.pk for each in messages])
    rows.update(state=State.FAILED, **{"last_error": "554 5.7.1 not you", **facts})


def test_the_list_masks_addresses(text, write):
    write("note", "carol")
    page = text(LIST)
    assert "c***@example.org" in page
    assert "carol@example.org" not in page


def test_a_mail_shows_neither_secrets_nor_links_nor_addresses(text, write):
    context = {"code": "123 456", "url": "https://x/y/open-sesame", "name": "carol@example.org"}
    [message] = write("note", "carol", context=context)
    page = text(page_of(message))
    for hidden in ("123 456", "open-sesame", "carol@example.org"):
        assert hidden not in page
    assert "code: •••" in page
    assert "name: c***@example.org" in page


def test_a_mail_of_a_forgotten_kind_shows_no_value(text, write):
    [message] = write("note", "carol", context={"name": "Carol Singer"})
    Message.objects.update(kind="forgotten")
    assert "Carol Singer" not in text(page_of(message))


def test_an_emptied_mail_can_be_looked_at(text, write):
    [message] = write("note", "carol")
    Message.objects.update(to_address="", context={}, state=State.DROPPED)
    assert "***@" not in text(LIST)
    assert text(page_of(message))


def test_nobody_adds_changes_or_deletes(admin_person, rf: RequestFactory, write):
    [message] = write("note", "carol")
    room, request = MessageAdmin(Message, admin.site), rf.get("/")
    request.user = admin_person
    assert room.get_model_perms(request) == {"add": False, "change": False, "delete": False, "view": True}
    assert not room.has_delete_permission(request, message)
    assert list(room.get_actions(request)) == ["resend", "drop"]


def test_masking():
    assert mask("alice@example.org") == "a***@example.org"
    assert mask_all("<bob@x.org>: no; alice@y.org") == "<b***@x.org>: no; a***@y.org"


def test_the_figures_count_by_kind_and_state(root, write, django_assert_max_num_queries):
    dead, sent, _waiting = write("note", "a", "b", "c")
    write("letter", "d")
    die(dead)
    Message.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at="2026-01-01T00:00Z")
    with django_assert_max_num_queries(16):
        context = root.get(LIST).context
    rows = {each.kind: (each.queued, *dict(each.cells).values()) for each in context["figures"]}
    assert rows == {"letter": (1, 0, 0, 0), "note": (1, 1, 1, 0)}
    total = context["total"]
    assert (total.queued, dict(total.cells)) == (2, {"failed": 1, "sent": 1, "dropped": 0})
    assert total.oldest == min(Message.objects.values_list("created_at", flat=True))


def test_dead_letters_are_listed_with_the_servers_answer(text, write):
    dead, _alive = write("note", "dora", "alex")
    die(dead)
    page = text(LIST, state="failed")
    assert "554 5.7.1 not you" in page
    assert "a***@example.org" not in page
    assert text(LIST, state="nothing", kind="\x00")


def test_it_asks_lists_what_will_happen_and_sends_again(root, write, text):
    dead, alive = write("note", "dora", "alex")
    die(dead)
    chosen = {"action": "resend", "_selected_action": [dead.pk, alive.pk]}
    question = root.post(LIST, chosen).content.decode()
    assert "d***@example.org" in question
    assert question.count("Left alone:") == 1
    dead.refresh_from_db()
    assert dead.state == State.FAILED
    answer = root.post(LIST, {**chosen, "confirmed": "yes"}, follow=True).content.decode()
    assert "1 mail is in the queue again." in answer
    assert "Left alone: 1." in answer
    dead.refresh_from_db()
    assert dead.state == State.QUEUED
    assert "What was done" in text(page_of(dead))
    assert "What was done" not in text(page_of(alive))


def test_one_mail_is_dropped_from_its_page(root, write, text):
    [dead] = write("note", "dora")
    die(dead)
    decide = reverse("admin:outbox_message_decide", args=[dead.pk, "drop"])
    assert decide in text(page_of(dead))
    assert "This can’t be undone" in root.post(decide).content.decode()
    assert root.post(decide, {"confirmed": "yes"}).url == page_of(dead)
    dead.refresh_from_db()
    assert (dead.state, dead.last_error) == (State.DROPPED, "554 5.7.1 not you")
    assert "Decide" not in text(page_of(dead))


def test_a_page_says_why_a_mail_can_not_go_again(text, write):
    [dead] = write("note", "dora", context={"code": "", "name": "Dora"})
    die(dead)
    assert "Its code or link is gone." in text(page_of(dead))


@pytest.mark.parametrize("kind", ["", "letter"])
def test_a_kind_or_everything_is_paused_and_resumed(root, text, kind):
    page = root.get(f"{LIST}pause/", {"kind": kind}).content.decode()
    assert re.search(rf'<option value="{kind}" selected>', page)
    refused = root.post(f"{LIST}pause/", {"kind": kind, "why": ""})
    assert "Error:" in refused.content.decode()
    root.post(f"{LIST}pause/", {"kind": kind, "why": "the text is wrong"})
    assert Pause.objects.active().get().kind == kind
    page = text(LIST)
    assert "the text is wrong" in page
    assert re.search(r"Ruth Admin</bdi>: <span[^>]*>[a-z]+: paused: the text is wrong", page)
    root.post(f"{LIST}resume/", {"kind": kind})
    assert not Pause.objects.active().exists()
    assert "resumed" in text(LIST)


def test_pausing_twice_says_so(root):
    values = {"kind": "note", "why": "one"}
    root.post(f"{LIST}pause/", values)
    assert "paused already" in root.post(f"{LIST}pause/", values, follow=True).content.decode()
    root.post(f"{LIST}resume/", {"kind": "note"})
    assert (
        "not paused any more" in root.post(f"{LIST}resume/", {"kind": "note"}, follow=True).content.decode()
    )


def test_an_unknown_kind_is_not_paused(root):
    assert root.post(f"{LIST}pause/", {"kind": "nothing", "why": "x"}).status_code == 200
    assert not Pause.objects.exists()


def test_the_servers_refusal_stands_at_the_top_and_on_the_first_page(text):
    pausing.pause_by_itself(answer="535 5.7.8 wrong password")
    page = text(LIST)
    assert "The mail server refuses us" in page
    assert "535 5.7.8 wrong password" in page
    assert "everything paused: 535" in page
    first = text("/admin/")
    assert "Paused: everything. 535 5.7.8 wrong password" in first


def test_the_desk_counts_pauses_and_dead_letters(write):
    die(*write("note", *"abcdefg"))
    pausing.pause(kind="letter", reason="checking")
    [found] = desk.waiting_for(lambda permission: permission == "outbox.view_message")
    assert found.count == 8
    assert found.lines[0].title == "Paused: letter. checking"
    assert found.lines[1].title == "Given up: note. 554 5.7.1 not you"
    assert len(found.lines) == 6


def test_looking_is_not_deciding(client_of, bob, write):
    [dead] = write("note", "dora")
    die(dead)
    bob.user_permissions.add(Permission.objects.get(codename="view_message"))
    client = client_of(bob)
    page = client.get(LIST).content.decode() + client.get(page_of(dead)).content.decode()
    assert "Pause…" not in page
    assert "Send again" not in page
    assert client.post(LIST, {"action": "drop", "_selected_action": [dead.pk]}).status_code == 403
    for url in ("pause/", "resume/", f"{dead.pk}/decide/drop/"):
        assert client.post(f"{LIST}{url}", {"confirmed": "yes"}).status_code == 403
    assert client.get(f"{LIST}pause/").status_code == 403
    dead.refresh_from_db()
    assert dead.state == State.FAILED


def test_moderators_see_nothing_of_it(client_of, bob):
    assert client_of(bob).get(LIST).status_code == 403
    assert "Mail that does not leave" not in client_of(bob).get("/admin/").content.decode()


def test_what_does_not_exist_is_not_found(root, write):
    [message] = write("note", "a")
    assert root.post(f"{LIST}{message.pk}/decide/eat/").status_code == 404
    assert root.post(f"{LIST}{message.pk + 1}/decide/drop/").status_code == 404
    assert root.get(f"{LIST}{message.pk}/decide/drop/").status_code == 405


def test_addresses_that_came_back_are_found_and_lifted(root, text, write):
    [message] = write("letter", "carol")
    suppressing.suppress(message=message, answer="550 5.1.1 nobody")
    row = Suppression.objects.get()
    page = text(BACK)
    assert "c***@example.org" in page
    assert "carol@example.org" not in page
    assert "550 5.1.1 nobody" in text(BACK, q="Carol@Example.org")
    assert "550 5.1.1 nobody" not in text(BACK, q="dave@example.org")
    assert "carol@example.org" not in text(f"{BACK}{row.pk}/change/")
    root.post(f"{BACK}{row.pk}/delete/", {"post": "yes"})
    assert not suppressing.is_suppressed("carol@example.org")
    assert "c***@example.org" in text(LIST)
