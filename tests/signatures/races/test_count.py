"""Real processes sign at once: the count is exact, and what is shown meanwhile never falls."""

from collections import Counter

from petitions.models import Tally
from signatures.models import Signature, State
from signatures.rollup import roll_up
from tests.petitions.racing import committed
from tests.signatures.counts import breaches, recount, shown
from tests.signatures.races.conftest import CONNECTIONS, PROCESSES
from tests.signatures.races.processes import Job

THREADS = PROCESSES * CONNECTIONS


@committed
def test_2000_people_are_exactly_2000(crew, petition, people):
    """The first 200 come twice, by two processes at once; somebody reads and rolls up all the time."""
    everybody = people(2000)
    jobs = [
        Job("sign", {"petitions": [petition.pk], "people": everybody[n::THREADS]}) for n in range(THREADS)
    ]
    again = [Job("sign", {"petitions": [petition.pk], "people": everybody[n:200:8]}) for n in range(8)]
    crew.start(again + jobs)
    seen = [shown(petition)]
    while seen[-1] < 2000 and len(seen) < 20_000:
        seen.append(shown(petition))
        if len(seen) % 20 == 0:
            roll_up()
    outcomes = Counter(outcome for outcomes in crew.results() for outcome in outcomes)
    assert outcomes == {"signed": 2000, "already": 200}
    assert seen == sorted(seen)
    assert len(set(seen)) > 20
    assert shown(petition) == recount(petition) == 2000
    roll_up()
    assert Tally.objects.get(petition=petition).signatures == 2000
    assert breaches() == {}


@committed
def test_rollers_at_once_are_exact(crew, petition, people):
    """While people sign, and some come and go, five roll up as fast as they can."""
    everybody = people(300)
    jobs = [Job("sign", {"petitions": [petition.pk], "people": everybody[n:288:24]}) for n in range(24)]
    restless = [{"petition": petition.pk, "person": each, "times": 10} for each in everybody[288:]]
    jobs += [Job("come_and_go", arguments) for arguments in restless]
    jobs += [Job("roll", {"times": 60}) for _ in range(5)]
    faults = [result for result in crew.run(jobs) if isinstance(result, str)]
    assert faults == []
    roll_up()
    assert Tally.objects.get(petition=petition).signatures == recount(petition) == shown(petition) == 288
    assert Signature.objects.filter(state=State.WITHDRAWN).count() == 12
    assert breaches() == {}
