"""What an attempt's outcome means for the states in the message."""

from random import Random

import pytest

from services.notify.backoff import FORGIVING, STANDARD
from services.notify.message import Story, Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.settle import Settlement, settle
from tests.services.notify.samples import alert, owed

NOW = 5000.0


def message(*stories: Story, digest: str | None = None) -> Tell:
    return Tell(stories, "due", digest)


def after(tell: Tell, outcome: Outcome) -> Settlement:
    return settle(tell, outcome, STANDARD, NOW, Random(1))


def test_a_delivery_closes_the_state_and_its_history() -> None:
    story = Story(owed(alert("a", 1, "confirmed")), (owed(alert("a", 0)),))
    assert after(message(story), Outcome(Verdict.DELIVERED)) == Settlement(
        delivered=(("a", 1),), superseded=(("a", 0),)
    )


def test_a_failure_is_tried_again_by_the_schedule() -> None:
    (retry,) = after(message(Story(owed())), Outcome(Verdict.FAILED)).retries
    assert (retry.attempts, retry.first_try, retry.woken_by_recovery) == (1, NOW, False)
    assert retry.due == pytest.approx(NOW + 5, abs=0.5)


def test_a_sink_that_does_not_answer_is_remembered_as_such() -> None:
    (retry,) = after(message(Story(owed())), Outcome(Verdict.UNREACHABLE)).retries
    assert retry.woken_by_recovery


def test_a_request_for_patience_costs_no_attempt_and_holds_the_sink() -> None:
    settlement = after(message(Story(owed(attempts=9, first_try=4000.0))), Outcome(Verdict.THROTTLED, "", 30.0))
    (retry,) = settlement.retries
    assert retry.attempts == 9
    assert retry.due >= NOW + 30
    assert settlement.quiet_until is not None
    assert settlement.quiet_until >= NOW + 30


def test_the_last_attempt_parks_the_state() -> None:
    settlement = after(message(Story(owed(attempts=9, first_try=0.0))), Outcome(Verdict.FAILED))
    assert settlement.parked == (owed().key,)
    assert not settlement.retries


def test_a_state_that_is_only_ever_throttled_is_parked_in_the_end() -> None:
    row = owed(attempts=9, first_try=NOW - FORGIVING)
    assert after(message(Story(row)), Outcome(Verdict.THROTTLED, "", 1.0)).parked == (row.key,)


def test_a_notifier_that_was_away_for_a_week_still_has_its_attempts() -> None:
    row = owed(attempts=1, first_try=NOW - 7 * 86400)
    assert after(message(Story(row)), Outcome(Verdict.UNREACHABLE)).retries


def test_a_refused_message_is_parked_at_once() -> None:
    assert after(message(Story(owed())), Outcome(Verdict.REFUSED)).parked == (owed().key,)


def test_a_refused_digest_is_taken_apart() -> None:
    stories = [Story(owed(alert(id))) for id in "ab"]
    settlement = after(message(*stories, digest="digest.x"), Outcome(Verdict.REFUSED))
    assert settlement.alone == (("a", 0), ("b", 0))
    assert not settlement.parked
    assert not settlement.keep_digest


def test_a_sink_that_is_gone_is_ended() -> None:
    settlement = after(message(Story(owed())), Outcome(Verdict.GONE))
    assert settlement.ended
    assert settlement.parked == (owed().key,)


def test_a_digest_whose_fate_is_unknown_keeps_its_parts_and_its_id() -> None:
    stories = [Story(owed(alert(id))) for id in "ab"]
    lost = after(message(*stories, digest="digest.x"), Outcome(Verdict.UNREACHABLE, unknown=True))
    refused = after(message(*stories, digest="digest.x"), Outcome(Verdict.UNREACHABLE))
    assert lost.keep_digest
    assert not refused.keep_digest


def test_what_a_digest_carried_along_keeps_its_own_schedule() -> None:
    stories = [Story(owed(alert("a"), due=NOW)), Story(owed(alert("b"), due=NOW + 900))]
    settlement = after(message(*stories, digest="digest.x"), Outcome(Verdict.FAILED))
    assert [retry.key for retry in settlement.retries] == [("a", 0)]
