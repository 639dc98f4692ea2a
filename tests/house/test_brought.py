"""What the tests do after one of them has committed: the next finds what migrations brought, and nothing else."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError

from accounts.models import User
from petitions.models import Petition, Reason, Topic
from tests import brought
from tests.petitions.racing import committed


@committed
def test_it_comes_back_whole_with_the_triggers_that_guard_it(make_petition: Callable[..., Petition]):
    before = brought.rows()
    make_petition()
    Topic.objects.filter(slug="parks").update(name="Changed")
    Reason.objects.filter(code="no-clear-ask").delete()
    assert brought.rows() != before
    brought.put_back(before)
    assert brought.rows() == before
    person = User.objects.create_user("eve@example.org", None, name="Eve")
    LogEntry.objects.create(user=person, action_flag=1)
    with pytest.raises(IntegrityError, match="append-only"):
        LogEntry.objects.all().delete()
