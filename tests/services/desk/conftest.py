"""One desk for the tests that only read it."""

from collections.abc import Iterator

import pytest

from tests.services.desk.made import Running, small_desk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk over the small world; nobody writes on it."""
    with small_desk(tmp_path_factory.mktemp("desk")) as (found, _):
        yield found
