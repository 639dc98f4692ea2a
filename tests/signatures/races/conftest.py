"""Eight processes with eight connections each, and a city full of people."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from petitions.models import Petition
from tests.signatures.races.processes import Crew

PROCESSES, CONNECTIONS = 8, 8
_PEOPLE = """
INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
SELECT 'person-' || n || '@example.org', 'Person ' || n, '!', true, false, false, 'en', 'UTC'
  FROM generate_series(1, %s) n RETURNING id"""


@pytest.fixture(scope="package")
def processes(django_db_setup: None) -> Iterator[Crew]:
    """Return the processes; they are started once for all tests of this folder."""
    crew = Crew(PROCESSES, str(connection.settings_dict["NAME"]))
    yield crew
    crew.dismiss()


@pytest.fixture
def crew(processes: Crew) -> Iterator[Crew]:
    """Return them for one test."""
    yield processes
    if processes.is_busy:
        processes.results()


@pytest.fixture
def people(petition: Petition) -> Callable[[int], list[int]]:
    """Return a maker of so many people."""

    def make(number: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE, [number])
            return [row[0] for row in cursor.fetchall()]

    return make
