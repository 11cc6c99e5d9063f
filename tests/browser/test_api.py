"""The API does what its OpenAPI document says, whatever it is asked (schemathesis)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.broker.embedded import EmbeddedBroker
from tests.services.desk.made import PATIENCE, Running, running, send, small_world, until

TOKEN = "a-token-of-the-tests"
EXAMPLES = 12
OPERATIONS = 12
LOGIN = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, *small_world())
        with running(tmp_path_factory.mktemp("api"), broker.bootstrap, desk_token=TOKEN) as desk:
            until(lambda: desk.json_as("/api/status", TOKEN)["caught_up"], "the small world")
            yield desk


def test_every_answer_is_what_the_document_promises(guarded: Running) -> None:
    # schemathesis's own fixture for pytest does not work with the newest pytest, so the operations are gone through.
    schema = schemathesis.openapi.from_url(f"{guarded.address}/api/openapi.json", headers=LOGIN, timeout=PATIENCE)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) == OPERATIONS
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Any) -> None:
            # An id that is made up is of nothing that is there, which is no refusal of the data's form.
            case.call_and_validate(headers=LOGIN, excluded_checks=[positive_data_acceptance], timeout=PATIENCE)

        check()
