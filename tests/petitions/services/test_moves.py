from petitions.models import DecisionMaker
from petitions.states import State


def test_publishing_offers_the_decision_maker_to_others(make_petition):
    make_petition(State.SUBMITTED, decision_maker="Harbour Office")
    assert not DecisionMaker.objects.get(name="Harbour Office").listed
    make_petition(State.PUBLISHED, decision_maker="Harbour Office")
    assert DecisionMaker.objects.get(name="Harbour Office").listed


def test_a_rejected_petition_offers_nobody(make_petition):
    make_petition(State.REJECTED, decision_maker="My neighbour")
    assert not DecisionMaker.objects.get(name="My neighbour").listed
