"""People sign while a petition ends: none after the end, none before it refused."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models import Q
from django.db.models.functions import Now

from lib import clock
from petitions.models import Petition
from petitions.services import closing
from signatures.models import Signature
from tests.petitions.racing import committed
from tests.signatures.counts import breaches, shown
from tests.signatures.races.processes import Job


def by_its_starter(petition):
    while shown(petition) < 50:
        time.sleep(0.02)
    for _try in range(5):
        try:
            return closing.close(petition=petition, starter=petition.starter)
        except OperationalError:
            # The lock was not to be had within its time: the next try.
            continue
    return None


def by_the_clock(petition):
    soon = clock.now() + timedelta(seconds=0.5)
    Petition.objects.filter(pk=petition.pk).update(closes_at=soon)
    for _try in range(200):
        # It is passed over while somebody is being told that the time is up; the beat comes again.
        if clock.now() > soon and closing.close_due():
            return True
        time.sleep(0.02)
    return None


@committed
@pytest.mark.parametrize("close", [by_its_starter, by_the_clock])
def test_nobody_signs_after_the_end(crew, petition, people, close):
    everybody = people(6400)
    crew.start([Job("sign", {"petitions": [petition.pk], "people": everybody[n::16]}) for n in range(16)])
    assert close(petition)
    results = crew.results()
    petition.refresh_from_db()
    assert all(outcomes[-1] == "closed" and set(outcomes[:-1]) <= {"signed"} for outcomes in results)
    signatures = Signature.objects.filter(petition=petition)
    late = Q(asked_at__gte=petition.closed_at) | Q(confirmed_at__gte=petition.closed_at)
    assert not signatures.filter(late).exists()
    assert signatures.count() == shown(petition) == sum(len(outcomes) - 1 for outcomes in results)
    assert Petition.objects.filter(pk=petition.pk, closed_at__lte=Now()).exists()
    assert breaches() == {}
