"""The page of one signature."""

import pytest
from django.urls import reverse

from petitions import desk
from signatures.models import State
from tests.signatures.admin.conftest import decide, detail


def test_it_shows_what_is_needed_to_decide(bobs, petition, signature_of):
    signature = signature_of(state=State.HELD, suspicion="haste", reason="Dark is dark.", public=True)
    page = bobs.get(detail(signature)).content.decode()
    for shown in (
        petition.title,
        "Held for review",
        "faster than people do",
        "Carol Singer",
        "Dark is dark.",
        "2026-11",
    ):
        assert shown.lower() in page.lower()
    assert desk.review_url(petition) in page


def test_it_masks_the_address(bobs, signature_of):
    signature = signature_of()
    page = bobs.get(detail(signature)).content.decode()
    assert "c***@example.net" in page
    assert "carol@example.net" not in page


def test_it_keeps_what_nobody_confirmed(bobs, signature_of):
    signature = signature_of(state=State.PENDING, reason="Typed by somebody.")
    page = bobs.get(detail(signature)).content.decode()
    assert "Carol Singer" not in page
    assert "Typed by somebody." not in page
    assert "Nobody has confirmed this yet" in page


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        (State.PENDING, set()),
        (State.HELD, {"release", "remove"}),
        (State.CONFIRMED, {"remove"}),
        (State.WITHDRAWN, set()),
        (State.REMOVED, {"undo-removal"}),
    ],
)
def test_it_offers_what_fits(sues, signature_of, state, codes):
    signature = signature_of(state=state)
    page = sues.get(detail(signature)).content.decode()
    offered = {code for code in ("release", "remove", "undo-removal") if decide(signature, code) in page}
    assert offered == codes


def test_it_counts_the_others_from_its_network(bobs, signature_of):
    for name in ("Dan", "Eve", "Fay"):
        signature = signature_of(name, network=b"n" * 32)
    signature_of("Gus", network=b"o" * 32)
    assert "2 other signatures of this petition" in bobs.get(detail(signature)).content.decode()


def test_it_escapes_what_people_say(bobs, signature_of):
    evil = "<script>alert(1)</script>"
    signature = signature_of(evil, email="eve@example.net", reason=f"{evil} reason", public=True)
    page = bobs.get(detail(signature)).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") == 2


@pytest.mark.parametrize("role", ["anonymous", "member", "staff"])
def test_it_is_not_for_others(client_as, signature_of, role):
    page = client_as(role).get(detail(signature_of()))
    assert page.status_code in {302, 403}
    assert b"Singer" not in page.content


def test_it_can_be_neither_written_nor_deleted(client_as, signature_of):
    signature = signature_of()
    ruths = client_as("administrator")
    assert ruths.post(detail(signature), {"state": "removed"}).status_code == 405
    assert ruths.post(reverse("admin:signatures_signature_delete", args=[signature.pk])).status_code == 403
    assert ruths.get(reverse("admin:signatures_signature_add")).status_code == 403


@pytest.mark.parametrize("number", ["0", "x", str(10**30)])
def test_it_is_not_there_for_made_up_numbers(bobs, number):
    assert bobs.get(f"/admin/signatures/signature/{number}/change/").status_code == 404
