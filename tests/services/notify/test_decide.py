"""What a sink is told next, from what it is owed and the time alone."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.decide import DIGEST_MOST, SETTLE, SETTLE_MOST, Decision, Drop, Wait, age, decide, digest_id
from services.notify.deliver.slack import TASTE as PERSON
from services.notify.deliver.webhook import TASTE as MACHINE
from services.notify.message import Owed, Tell
from services.notify.taste import Grouping, Taste
from streams.records import AlertStatus
from tests.services.notify.samples import NOON, alert, evidence, owed

HOUR = 3600.0
DIGEST_AGE = 6 * HOUR
NOW = 100_000.0


def choose(
    rows: Sequence[Owed],
    taste: Taste = PERSON,
    now: float = NOW,
    caught_up: bool = True,
    told: Mapping[str, int] | None = None,
) -> Decision:
    return decide(rows, told or {}, taste, now, DIGEST_AGE, caught_up)


def fresh(id: str, revision: int = 0, status: AlertStatus = "pending", due: float = NOW, attempts: int = 0) -> Owed:
    return owed(alert(id, revision, status), written=NOW, recorded=NOW, due=due, attempts=attempts)


def late(
    id: str,
    revision: int = 0,
    status: AlertStatus = "pending",
    due: float = NOW,
    digest: str | None = None,
    alone: bool = False,
) -> Owed:
    state = alert(id, revision, status)
    return owed(state, written=NOW - 7 * HOUR, recorded=NOW - HOUR, due=due, digest=digest, alone=alone)


def told_keys(decision: Decision) -> list[list[tuple[str, int]]]:
    assert isinstance(decision, Tell), decision
    return [[one.key for one in story.states] for story in decision.stories]


def test_nothing_owed_is_nothing_to_do() -> None:
    assert choose([]) == Wait(None, "idle")


def test_a_due_alert_is_told() -> None:
    assert told_keys(choose([fresh("a")])) == [[("a", 0)]]


def test_a_retry_waits_for_its_time() -> None:
    assert choose([fresh("a", due=NOW + 5, attempts=1)]) == Wait(NOW + 5, "idle")


def test_one_alert_that_waits_does_not_hold_another() -> None:
    assert told_keys(choose([fresh("a", due=NOW + 5), fresh("b")])) == [[("b", 0)]]


def test_a_machine_is_told_every_state_in_order() -> None:
    rows = [fresh("a", 1, "confirmed"), fresh("a", 0)]
    assert told_keys(choose(rows, MACHINE)) == [[("a", 0)]]


def test_a_later_state_waits_for_the_one_before_it() -> None:
    rows = [fresh("a", 0, due=NOW + 300, attempts=1), fresh("a", 1, "confirmed")]
    assert choose(rows, MACHINE) == Wait(NOW + 300, "idle")


def test_a_person_is_told_the_newest_state_with_its_history() -> None:
    rows = [fresh("a", 0), fresh("a", 1, "confirmed")]
    assert told_keys(choose(rows, PERSON)) == [[("a", 0), ("a", 1)]]


def test_a_person_is_not_told_what_a_newer_message_has_overtaken() -> None:
    row = fresh("a", 0)
    assert choose([row], PERSON, told={"a": 1}) == Drop((row,), "superseded")
    assert told_keys(choose([row], MACHINE, told={"a": 1})) == [[("a", 0)]]


def test_late_alerts_come_as_one_digest() -> None:
    decision = choose([late("a"), late("b"), late("b", 1, "retracted")])
    assert told_keys(decision) == [[("a", 0)], [("b", 0), ("b", 1)]]
    assert isinstance(decision, Tell)
    assert decision.digest == digest_id([late("a"), late("b"), late("b", 1)])


def test_a_digest_for_a_machine_holds_every_state_in_order() -> None:
    decision = choose([late("a"), late("b", 1, "retracted"), late("b")], MACHINE)
    assert told_keys(decision) == [[("a", 0)], [("b", 0)], [("b", 1)]]


def test_a_digest_of_one_is_the_ordinary_message() -> None:
    decision = choose([late("a")])
    assert isinstance(decision, Tell)
    assert decision.digest is None


def test_what_is_on_time_goes_before_the_digest() -> None:
    assert told_keys(choose([late("a"), late("b"), fresh("c")])) == [[("c", 0)]]


def test_a_digest_takes_along_what_is_late_but_not_due() -> None:
    decision = choose([late("a"), late("b", due=NOW + HOUR)])
    assert told_keys(decision) == [[("a", 0)], [("b", 0)]]


def test_a_digest_waits_until_no_more_late_alerts_come() -> None:
    rows = [owed(alert(id), written=NOW - 7 * HOUR, recorded=NOW - ago, due=NOW) for id, ago in (("a", 9), ("b", 1))]
    assert choose(rows) == Wait(NOW - 1 + SETTLE, "settling")
    assert told_keys(choose(rows, now=NOW + SETTLE)) == [[("a", 0)], [("b", 0)]]


def test_a_digest_waits_for_the_rest_of_the_topic_but_not_for_ever() -> None:
    rows = [owed(alert(id), written=NOW - 7 * HOUR, recorded=NOW - SETTLE_MOST / 2, due=NOW) for id in "ab"]
    assert isinstance(choose(rows, caught_up=False), Wait)
    assert isinstance(choose(rows, caught_up=False, now=NOW + SETTLE_MOST / 2), Tell)


def test_an_unfinished_digest_goes_out_as_it_was() -> None:
    rows = [late("a", digest="digest.x"), late("b", digest="digest.x"), late("c")]
    decision = choose(rows)
    assert told_keys(decision) == [[("a", 0)], [("b", 0)]]
    assert isinstance(decision, Tell)
    assert decision.digest == "digest.x"


def test_what_spoilt_a_digest_is_told_alone() -> None:
    decision = choose([late("a", alone=True), late("b", alone=True)])
    assert told_keys(decision) == [[("a", 0)]]


def test_many_late_alerts_fit_into_the_channel() -> None:
    decision = choose([late(f"{number:03}") for number in range(100)])
    assert len(told_keys(decision)) == DIGEST_MOST


def test_age_counts_the_streams_delay_and_ours() -> None:
    state = alert(at=NOON + timedelta(hours=2), quotes=(evidence(published=NOON - timedelta(days=9)), evidence()))
    assert age(owed(state, written=NOW), NOW + 60) == 2 * HOUR + 60


def test_a_date_from_the_future_does_not_make_an_alert_young() -> None:
    state = alert(at=NOON, quotes=(evidence(published=NOON + timedelta(days=400)),))
    assert age(owed(state, written=NOW), NOW + 60) == 60


ROWS = st.lists(
    st.builds(
        lambda id, revision, written, due, attempts, digest: owed(
            alert(id, revision), written=written, recorded=written, due=due, attempts=attempts, digest=digest
        ),
        st.sampled_from("abcd"),
        st.integers(0, 3),
        st.floats(0, 2 * NOW),
        st.floats(0, 2 * NOW),
        st.integers(0, 12),
        st.sampled_from([None, None, None, "digest.x"]),
    ),
    max_size=12,
    unique_by=lambda row: row.key,
)


GROUPED = PERSON._replace(grouping=Grouping(600.0, 2))


@settings(deadline=None)
@given(ROWS, st.sampled_from([PERSON, MACHINE, GROUPED]), st.booleans())
def test_order_holds_per_alert_and_nothing_is_told_before_its_time(
    rows: list[Owed], taste: Taste, caught_up: bool
) -> None:
    decision = choose(rows, taste, caught_up=caught_up)
    if isinstance(decision, Wait):
        assert decision.until is None or decision.until > NOW
        return
    assert isinstance(decision, Tell)
    sent = [one.key for one in decision.states]
    assert sent
    assert len(sent) == len(set(sent))
    assert any(one.due <= NOW for one in decision.states)
    if decision.reason == "unfinished":
        assert {one.digest for one in decision.states} == {decision.digest}
        return
    for id in {key[0] for key in sent}:
        waiting = sorted(row.key[1] for row in rows if row.key[0] == id)
        revisions = [revision for alert_id, revision in sent if alert_id == id]
        assert revisions == waiting[: len(revisions)], "a later state overtook an earlier one"


@given(st.permutations(["a", "b", "c"]))
def test_a_digests_id_depends_on_its_parts_alone(order: list[str]) -> None:
    assert digest_id([fresh(id) for id in order]) == digest_id([late(id) for id in "abc"])
    assert digest_id([fresh(id) for id in order]) != digest_id([fresh(id, 1) for id in order])
