"""When a worker is said to stand still."""

from services.broker.group_view import Waits
from services.stream.standstill import Standstill

PATIENCE = 300.0
OWN = {("articles.v1", 0)}
HERE, THERE = Waits("articles.v1", 0, 7), Waits("articles.v1", 1, 7)


def test_a_worker_that_does_nothing_while_its_records_wait_stands_still() -> None:
    judge = Standstill(PATIENCE)
    assert judge.look(0, {HERE}, 1, OWN) == []
    assert judge.look(299, {HERE}, 1, OWN) == []
    assert judge.look(300, {HERE}, 1, OWN) == [HERE]


def test_a_worker_that_works_long_on_one_record_does_not() -> None:
    judge = Standstill(PATIENCE)
    for minute in range(60):
        # Reads begin, rows are taken in: nothing is committed, but something goes on.
        assert judge.look(minute * 60, {HERE}, minute, OWN) == []


def test_a_commit_begins_the_wait_anew() -> None:
    judge = Standstill(PATIENCE)
    for minute in range(60):
        assert judge.look(minute * 60, {HERE._replace(offset=minute)}, 1, OWN) == []


def test_a_worker_without_work_does_not_stand_still() -> None:
    judge = Standstill(PATIENCE)
    for hour in range(100):
        assert judge.look(hour * 3600, set(), 1, OWN) == []
    # What comes after a quiet week has just come.
    assert judge.look(360_000, {HERE}, 1, OWN) == []


def test_what_another_worker_leaves_waiting_is_given_twice_the_time() -> None:
    judge = Standstill(PATIENCE)
    judge.look(0, {THERE}, 1, OWN)
    assert judge.look(599, {THERE}, 1, OWN) == []
    # It may be that nobody has it, this worker included.
    assert judge.look(600, {THERE}, 1, OWN) == [THERE]


def test_while_the_broker_is_away_no_time_counts() -> None:
    judge = Standstill(PATIENCE)
    judge.look(0, {HERE}, 1, OWN)
    judge.forget()
    assert judge.look(1000, {HERE}, 1, OWN) == []
    assert judge.look(1299, {HERE}, 1, OWN) == []
    assert judge.look(1300, {HERE}, 1, OWN) == [HERE]
