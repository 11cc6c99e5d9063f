"""What a feed server's answer makes us do."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.response import FRESH_CAP, RETRY_CAP, Validators, weigh

NOW = datetime(2026, 2, 16, 12, 0, tzinfo=UTC)


def date(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


def test_a_fresh_body_brings_its_validators() -> None:
    answer = weigh(200, {"ETag": 'W/"a1"', "last-modified": date(-60)}, NOW)
    assert (answer.outcome, answer.validators) == ("fresh", Validators('W/"a1"', date(-60)))
    assert answer.validators.headers() == {"If-None-Match": 'W/"a1"', "If-Modified-Since": date(-60)}


def test_nothing_to_compare_sends_no_condition() -> None:
    assert Validators().headers() == {}


def test_a_304_keeps_the_validators_it_does_not_replace() -> None:
    answer = weigh(304, {"ETag": '"b"'}, NOW)
    assert answer.outcome == "unchanged"
    assert Validators('"a"', "Mon").updated(answer.validators) == Validators('"b"', "Mon")


@pytest.mark.parametrize(("status", "permanent"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
def test_only_301_and_308_are_for_good(status: int, permanent: bool) -> None:
    answer = weigh(status, {"Location": "/new"}, NOW)
    assert (answer.outcome, answer.location, answer.permanent) == ("redirect", "/new", permanent)


def test_a_redirect_to_nowhere_is_a_failure() -> None:
    assert weigh(301, {}, NOW).reason == "redirect-without-location"


def test_410_is_the_end() -> None:
    assert weigh(410, {}, NOW).outcome == "gone"


@pytest.mark.parametrize("status", [206, 300, 400, 401, 403, 404, 429, 500, 503])
def test_every_other_status_is_a_failure_with_its_name(status: int) -> None:
    assert weigh(status, {}, NOW)[:2] == ("failed", f"http-{status}")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (date(90), 90.0),
        (date(-90), 0.0),
        ("99999999999999999999", RETRY_CAP),
        (date(400 * 86400), RETRY_CAP),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
        ("٣", 0.0),
    ],
)
def test_retry_after_is_read_in_both_forms_and_capped(value: str, seconds: float) -> None:
    assert weigh(503, {"Retry-After": value}, NOW).retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=600"}, 600.0),
        ({"Cache-Control": "MAX-AGE=600", "Age": "100"}, 500.0),
        ({"Cache-Control": "max-age=10", "Age": "100"}, 0.0),
        ({"Cache-Control": 'max-age="60"'}, 60.0),
        ({"Cache-Control": "max-age=86400"}, FRESH_CAP),
        ({"Cache-Control": "max-age=600, no-cache"}, 0.0),
        ({"Cache-Control": "max-age=60", "Expires": date(600)}, 60.0),
        ({"Expires": date(600)}, 600.0),
        ({"Expires": date(7200 + 600), "Date": date(7200)}, 600.0),
        ({"Expires": "0"}, 0.0),
        ({}, 0.0),
    ],
)
def test_caching_headers_say_how_long_to_stay_away(headers: dict[str, str], seconds: float) -> None:
    assert weigh(200, headers, NOW).fresh_for == seconds
    assert weigh(304, headers, NOW).fresh_for == seconds


@pytest.mark.parametrize("etag", ['"' + "x" * 5000 + '"', '"a\tb"', '"é"'])
def test_a_validator_that_cannot_be_echoed_is_not_kept(etag: str) -> None:
    assert weigh(200, {"ETag": etag}, NOW).validators.etag == ""


NAMES = st.sampled_from(
    ["ETag", "Last-Modified", "Location", "Retry-After", "Cache-Control", "Expires", "Date", "Age", "X-Other"]
)
VALUES = st.text(max_size=40) | st.integers(-10, 10**30).map(str) | st.integers(-(10**6), 10**6).map(date)
VALUES |= VALUES.map("max-age={}".format)


@given(st.integers(0, 999), st.dictionaries(NAMES, VALUES))
def test_no_answer_raises_or_sends_us_away_for_more_than_a_day(status: int, headers: dict[str, str]) -> None:
    answer = weigh(status, headers, NOW)
    assert 0.0 <= answer.retry_after <= RETRY_CAP
    assert 0.0 <= answer.fresh_for <= FRESH_CAP
    assert (answer.outcome == "failed") == bool(answer.reason)
