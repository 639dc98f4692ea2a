"""Changing the address: the new one is proven first, the old one is told."""

from allauth.account.models import EmailAddress

EMAIL, CONFIRM = "/accounts/email/", "/accounts/confirm-email/"
NEW = "alice@new.example"


def add(client):
    return client.post(EMAIL, {"action_add": "", "email": NEW})


def test_it_changes_the_address(sign_in, alice, mailbox):
    old, client = alice.email, sign_in(alice)
    assert add(client).url == CONFIRM
    assert mailbox(NEW).kinds() == ["account-address-code"]
    client.post(CONFIRM, {"code": mailbox(NEW).code()})
    client.post(EMAIL, {"action_primary": "", "email": NEW})
    alice.refresh_from_db()
    assert alice.email == NEW
    assert mailbox(old).last().kind == "account-address-changed"
    client.post(EMAIL, {"action_remove": "", "email": old})
    assert mailbox(NEW).last().kind == "account-address-removed"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [NEW]


def test_it_changes_nothing_before_the_proof(sign_in, alice):
    client = sign_in(alice)
    add(client)
    client.post(CONFIRM, {"code": "WRONG-CODE"})
    alice.refresh_from_db()
    assert alice.email != NEW
    assert not EmailAddress.objects.filter(email=NEW, verified=True).exists()


def test_it_does_not_take_somebody_elses(sign_in, mallory, carol, mailbox):
    client = sign_in(mallory)
    client.post(EMAIL, {"action_add": "", "email": carol.email})
    client.post(CONFIRM, {"code": mailbox(carol.email).code()})
    assert not EmailAddress.objects.filter(user=mallory, email=carol.email).exists()
    assert EmailAddress.objects.get(email=carol.email).user == carol
