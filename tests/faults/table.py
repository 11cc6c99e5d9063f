"""A pytest plugin: the results of the fault tests -> ops/FAULTS.md; fails the run when a fault has no test.

A run of what failed last writes no table: it is of a few faults only, and what it says of them is its exit code.
"""

import platform
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.register import ELSEWHERE, FALL_AWAY, FAULTS

HEAD = """\
# Faults that must lose nothing

Written by `make test-faults`; do not edit. Every input is numbered, and ends delivered or dead-lettered; what comes
twice carries the same id and the same bytes. A test fails when its fault did not fire with a record in flight. The
broker is librdkafka's mock cluster (embedded) where it has to be told to fail, and Apache Kafka itself where `apache`
is named in the test's parameters.

"""


class Proof(NamedTuple):
    """One test of one fault."""

    number: int
    injected: str
    test: str
    result: str
    seconds: float


class Table:
    """Collects what became of each test."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._about: dict[str, list[tuple[int, str]]] = {}
        self._proofs: list[Proof] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            elsewhere = ELSEWHERE.get(item.nodeid.partition("[")[0])
            if elsewhere is not None:
                numbers, injected = elsewhere
                for number in (numbers,) if isinstance(numbers, int) else numbers:
                    item.add_marker(pytest.mark.fault(number, injected))
            self._about[item.nodeid] = [mark.args for mark in item.iter_markers("fault")]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or report.outcome != "passed":
            for number, injected in self._about.get(item.nodeid, []):
                self._proofs.append(Proof(number, injected, item.nodeid, report.outcome, report.duration))
        return report

    # Last, since what it raises would keep others from their end: which tests failed would not be written down.
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.config.option.collectonly or not self._proofs:
            return
        unproven = [number for number in FAULTS if number not in FALL_AWAY and not self._of(number)]
        missing = ELSEWHERE.keys() - {proof.test.partition("[")[0] for proof in self._proofs}
        self._path.write_text(HEAD + self._figures() + "".join(self._rows()))
        if unproven or missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            raise pytest.UsageError(f"no test was run for the faults {unproven}; named and not run: {sorted(missing)}")

    def _of(self, number: int) -> list[Proof]:
        return sorted({proof for proof in self._proofs if proof.number == number}, key=lambda proof: proof.test)

    def _figures(self) -> str:
        passed = sum(proof.result == "passed" for proof in self._proofs)
        seconds = sum({proof.test: proof.seconds for proof in self._proofs}.values())
        return (
            f"{datetime.now(UTC):%Y-%m-%d}: {passed} of {len(self._proofs)} proofs passed, {seconds:.0f} s in all, "
            f"{platform.system()}, Python {platform.python_version()}.\n\n"
            "| # | fault | injected how | test | result | s |\n|---|---|---|---|---|---|\n"
        )

    def _rows(self) -> Generator[str, None, None]:
        for number, fault in FAULTS.items():
            if number in FALL_AWAY:
                yield f"| {number} | {fault} | falls away: {FALL_AWAY[number]} | – | – | – |\n"
            name = fault
            for proof in self._of(number):
                test = proof.test.removeprefix("tests/").replace("|", "/")
                yield f"| {number} | {name} | {proof.injected} | `{test}` | {proof.result} | {proof.seconds:.1f} |\n"
                name = ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fault-table", type=Path, help="Write the table of faults to this file.")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--fault-table")
    if path is not None and not config.getoption("--last-failed"):
        config.pluginmanager.register(Table(path))
