"""Removals by question and by hand, undone at once, while people sign and withdraw: no deadlock, and exact."""

from signatures.models import Removal, Signature, Stage, State
from signatures.rollup import roll_up
from tests.petitions.racing import committed
from tests.signatures import moderating
from tests.signatures.counts import breaches, recount, shown
from tests.signatures.races.processes import Job


@committed
def test_removals_meet_everything_else(crew, petition, people):
    everybody, sue = people(240), moderating.sue().pk
    crew.run([Job("sign", {"petitions": [petition.pk], "people": everybody[n:120:8]}) for n in range(8)])
    numbers = list(Signature.objects.order_by("pk").values_list("pk", flat=True))
    here = {"petition": petition.pk}
    jobs = [
        Job("sign", {"petitions": [petition.pk], "people": everybody[120 + n : 240 : 8]}) for n in range(8)
    ]
    jobs += [Job("come_and_go", {**here, "person": each, "times": 10}) for each in everybody[:120:10]]
    backwards = [numbers[n::5][::-1] for n in range(5)]
    jobs += [
        Job("remove_and_put_back", {**here, "signatures": some, "times": 3, "by": sue}) for some in backwards
    ]
    jobs += [Job("remove_and_undo_all", {**here, "times": 3, "by": sue}), Job("roll", {"times": 60})]
    faults = [result for result in crew.run(jobs) if isinstance(result, str)]
    assert faults == []
    roll_up()
    assert not Signature.objects.filter(state=State.REMOVED).exists()
    assert set(Removal.objects.values_list("stage", flat=True)) == {Stage.DONE, Stage.UNDONE}
    assert shown(petition) == recount(petition) >= 228
    assert breaches() == {}
