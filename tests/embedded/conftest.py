import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.data_dir import DataDir
from tests.embedded.launching import Launched, launched, root_home


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    remove_what_root_keeps(folder)


@pytest.fixture(scope="package")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that a site has run on before, for tests of what every start does; the first takes most of the time."""
    folder = tmp_path_factory.mktemp("used") / "data"
    with launched(folder) as launcher:
        launcher.until_ready().ask_to_stop()
    yield folder
    remove_what_root_keeps(folder)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """A site that stays up for the tests that only look."""
    folder = tmp_path_factory.mktemp("site") / "data"
    with launched(folder) as launcher:
        yield launcher.until_ready()
    remove_what_root_keeps(folder)


def remove_what_root_keeps(folder: Path) -> None:
    if os.geteuid() == 0 and (folder / "id").exists():
        shutil.rmtree(root_home(DataDir(folder)), ignore_errors=True)
