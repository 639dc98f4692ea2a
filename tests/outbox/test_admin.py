import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from outbox.admin import MessageAdmin
from outbox.masking import mask, mask_all
from outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(admin_person, rf: RequestFactory):
    """Return a way to see an admin page without its door, which the accounts' tests try."""
    room = MessageAdmin(Message, admin.site)

    def show(view, *args):
        request = rf.get("/")
        request.user = admin_person
        return getattr(room, view)(request, *args).render().text

    return show


def test_the_list_masks_addresses(page, write):
    write("note", "carol")
    text = page("changelist_view")
    assert "c***@example.org" in text
    assert "carol@example.org" not in text


def test_a_mail_shows_neither_secrets_nor_links_nor_addresses(page, write):
    [message] = write(
        "note",
        "carol",
        context={"code": "123 456", "url": "https://x/y/open-sesame", "name": "carol@example.org"},
    )
    text = page("change_view", str(message.pk))
    for hidden in ("123 456", "open-sesame", "carol@example.org"):
        assert hidden not in text
    assert "code: •••" in text
    assert "name: c***@example.org" in text


def test_a_mail_of_a_forgotten_kind_shows_no_value(page, write):
    [message] = write("note", "carol", context={"name": "Carol Singer"})
    Message.objects.update(kind="forgotten")
    assert "Carol Singer" not in page("change_view", str(message.pk))


def test_nobody_adds_changes_or_deletes(admin_person, rf, write):
    [message] = write("note", "carol")
    room, request = MessageAdmin(Message, admin.site), rf.get("/")
    request.user = admin_person
    assert room.get_model_perms(request) == {"add": False, "change": False, "delete": False, "view": True}
    assert not room.has_delete_permission(request, message)
    assert list(room.get_actions(request)) == []
    assert reverse("admin:outbox_message_changelist")


def test_masking():
    assert mask("alice@example.org") == "a***@example.org"
    assert mask_all("<bob@x.org>: no; alice@y.org") == "<b***@x.org>: no; a***@y.org"
