"""`simulate_signers`: a crowd on one’s own machine, through the services that visitors use."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from outbox.models import Message
from petitions.states import State as PetitionState
from signatures.models import Signature, State
from signatures.rollup import roll_up
from tests.signatures.counts import breaches, recount, shown


class Terminal(StringIO):
    def isatty(self):
        return True


def simulate(slug, people, output=None, seconds=0.0):
    output = output or StringIO()
    call_command("simulate_signers", str(slug), str(people), seconds=seconds, stdout=output)
    return output.getvalue()


@pytest.fixture(autouse=True)
def _local(settings):
    settings.LOCAL = True


def test_so_many_stay_and_a_few_more_withdraw(petition):
    said = simulate(petition.slug, 20)
    assert shown(petition) == recount(petition) == 20
    assert Signature.objects.filter(state=State.WITHDRAWN).count() == 2
    assert "20 signed and stayed, 2 signed and withdrew." in said
    assert "20 have signed. Let’s get to 100!" in said


def test_it_says_where_to_look(petition, settings):
    said = simulate(petition.pk, 1)
    assert f"Watch {settings.SITE_URL}{petition.get_absolute_url()}" in said
    assert "/dev/mail/" in said
    assert "1 of 1" in said


def test_a_terminal_sees_a_bar(petition):
    assert "\r[##############################] 2 of 2\n" in simulate(petition.pk, 2, Terminal())


def test_a_second_crowd_is_other_people(petition):
    simulate(petition.pk, 3)
    simulate(petition.pk, 3)
    assert recount(petition) == 6
    assert breaches() == {}


def test_a_goal_is_reached(make_petition):
    petition = make_petition(first_goal=5)
    simulate(petition.pk, 5)
    roll_up()
    assert [each.threshold for each in petition.milestones.all()] == [5]


def test_no_mail_can_reach_anybody(petition):
    simulate(petition.pk, 3)
    addresses = Message.objects.filter(kind="confirm-signature").values_list("to_address", flat=True)
    assert len(addresses) == 3
    assert all(address.endswith("@example.invalid") for address in addresses)


def test_it_takes_its_time(petition, monkeypatch):
    pauses = []
    monkeypatch.setattr("signatures.management.commands.simulate_signers.time.sleep", pauses.append)
    simulate(petition.pk, 4, seconds=100.0)
    assert (len(pauses), 90 < max(pauses) <= 100) == (4, True)


def test_it_works_on_a_laptop_only(petition, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="only with LOCAL=1"):
        simulate(petition.pk, 1)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("people", [0, -1, 100_001])
def test_it_wants_a_number_that_makes_sense(petition, people):
    with pytest.raises(CommandError, match="N must be from 1"):
        call_command("simulate_signers", petition.slug, people, stdout=StringIO())


@pytest.mark.parametrize("slug", ["nothing-9999999", "nothing", "9999999"])
def test_it_knows_the_petition_or_says_so(petition, slug):
    with pytest.raises(CommandError, match="no public petition"):
        simulate(slug, 1)


@pytest.mark.parametrize(("state", "why"), [("closed", "any more"), ("draft", "no public")])
def test_it_signs_what_can_be_signed(make_petition, state, why):
    with pytest.raises(CommandError, match=why):
        simulate(make_petition(PetitionState(state)).pk, 1)
