import pytest

from petitions.models import Petition, Tally, Version
from petitions.services import drafting
from petitions.states import NotAllowed, State


def test_a_draft_leaves_nothing(make_draft):
    drafting.delete(petition=make_draft())
    assert Petition.objects.count() == Version.objects.count() == Tally.objects.count() == 0


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_what_others_have_read_stays(make_petition, state):
    petition = make_petition(state)
    with pytest.raises(NotAllowed):
        drafting.delete(petition=petition)
    assert Petition.objects.filter(pk=petition.pk, version=petition.version).exists()


def test_what_is_gone_cannot_be_deleted_again(make_draft):
    petition = make_draft()
    drafting.delete(petition=Petition.objects.get(pk=petition.pk))
    with pytest.raises(Petition.DoesNotExist):
        drafting.delete(petition=petition)
