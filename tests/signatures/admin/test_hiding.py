"""The service that hides reasons."""

from signatures.models import Signature, State
from tests.signatures import moderating


def test_it_hides_once_and_shows_once(signature_of):
    signature = signature_of(reason="Rude words.")
    assert [moderating.hide_reason(signature=signature) for _ in range(2)] == [True, False]
    assert not Signature.objects.confirmed().with_reason().exists()
    assert [moderating.show_reason(signature=signature) for _ in range(2)] == [True, False]
    assert Signature.objects.confirmed().with_reason().get() == signature


def test_it_has_nothing_to_hide_where_nothing_is_said(signature_of):
    assert not moderating.hide_reason(signature=signature_of())


def test_it_keeps_the_words_and_the_state(signature_of):
    signature = signature_of(reason="Rude words.")
    moderating.hide_reason(signature=signature)
    signature.refresh_from_db()
    assert (signature.reason, signature.state) == ("Rude words.", State.CONFIRMED)
