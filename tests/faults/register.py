"""The faults that must lose nothing, and the tests that prove it which live beside what they are about."""

from typing import Final

FAULTS: Final = {
    1: "no broker at start",
    2: "broker down for longer than the delivery timeout",
    3: "a batch expires in retry",
    4: "OUT_OF_ORDER_SEQUENCE",
    5: "record too large",
    6: "changelog write refused",
    7: "alert write refused",
    8: "commit fails",
    9: "SIGKILL in the middle of reading",
    10: "SIGKILL between a sink's 200 and the ledger",
    11: "SIGTERM under load",
    12: "the reader of stances raises",
    13: "malformed records",
    14: "rebalance storm",
    15: "frozen worker",
    16: "local state deleted",
    17: "local state ahead of the broker",
    18: "disk full",
    19: "a sink answers 429, 5xx, or not at all",
    20: "a sink is down past the retry limit",
    21: "gzip bomb, endless body",
    22: "a byte each moment; a name server that hangs",
    23: "requests to inside addresses",
    24: "hostile XML, wrong encodings, truncation",
    25: "hostile text, missing or changing GUIDs, junk dates",
    26: "a record that kills its worker",
    27: "SIGKILL between the evidence's acknowledgement and the alert's",
    28: "a frozen worker wakes and writes",
    29: "the leader of the partitions is killed",
    30: "fewer replicas than min.insync.replicas",
    31: "the reader of stances hangs",
    32: "a new model's reading of the last month is cut off",
    33: "a worker stands still and nothing in it notices",
}

# Numbers without a test of their own, and why.
FALL_AWAY: Final = {
    16: "the worker's tables live in memory and are rebuilt from Kafka at every start, as in 9 and 27",
    17: "as 16; the ingester's and the notifier's files are stamped with the cluster's id, and another one is refused",
}

INGEST: Final = "tests/services/ingest/"
NOTIFY: Final = "tests/services/notify/"

# Test (as pytest names it, without parameters) -> the fault's number and how it is injected.
ELSEWHERE: Final[dict[str, tuple[int | tuple[int, ...], str]]] = {
    INGEST + "test_publish.py::test_news_waits_on_disk_until_there_is_a_broker": (1, "a broker that is down"),
    NOTIFY + "test_broker_outage.py::test_the_notifier_waits_for_a_broker_that_is_down_and_goes_on_when_it_is_back": (
        1,
        "a broker that is down",
    ),
    INGEST + "test_publish.py::test_an_outage_longer_than_the_delivery_timeout_loses_nothing": (
        2,
        "the embedded broker is taken down, and brought up after the timeout",
    ),
    INGEST + "test_publish.py::test_a_broker_that_refuses_for_a_while_gets_everything_in_the_end": (
        (3, 4),
        "the embedded broker answers 500 times with error 7; three times with error 45",
    ),
    INGEST + "test_publish.py::test_a_record_that_is_too_large_for_the_broker_loses_text_and_not_its_neighbours": (
        5,
        "the embedded broker answers with error 10",
    ),
    INGEST + "test_publish.py::test_a_record_that_cannot_shrink_is_dropped_and_counted": (5, "the same, without end"),
    NOTIFY + "test_consume.py::test_a_commit_that_fails_sends_nothing_twice": (
        8,
        "the embedded broker answers the notifier's commits with errors 25 and 27",
    ),
    INGEST + "test_run.py::test_a_kill_loses_nothing": (
        9,
        "kill -9 on the ingester with thirty articles in its outbox",
    ),
    NOTIFY
    + "test_command.py::"
    + "test_a_kill_between_the_sinks_200_and_the_ledger_repeats_the_message_once_with_the_same_id": (
        10,
        "the receiver kills the notifier (kill -9) as it answers",
    ),
    INGEST + "test_publish.py::test_it_ends_in_time_although_the_broker_hangs": (11, "the ingester is asked to end"),
    NOTIFY + "test_command.py::test_it_delivers_prints_and_ends_within_seconds_of_sigterm_though_a_sink_hangs": (
        11,
        "kill -15",
    ),
    NOTIFY + "test_consume.py::test_what_is_not_an_alert_goes_to_the_dead_letters_and_the_next_is_not_affected": (
        13,
        "bad JSON, wrong types and null on alerts.v1",
    ),
    INGEST + "test_publish.py::test_state_of_another_broker_ends_the_ingester": (17, "a second broker"),
    NOTIFY + "test_broker_outage.py::test_a_ledger_of_another_broker_is_refused_with_the_way_out": (
        17,
        "a second broker",
    ),
    INGEST + "test_run.py::test_a_full_disk_ends_it_with_one_line_and_loses_nothing": (
        18,
        "the ingester's files may not grow past 150 kB (RLIMIT_FSIZE)",
    ),
    NOTIFY + "test_no_loss.py::test_a_ledger_that_cannot_be_written_stops_the_notifier_before_it_commits": (
        18,
        "SQLite may take no further page",
    ),
    NOTIFY + "test_retries.py::test_retry_after_of_a_429_is_honoured_and_everything_is_delivered": (
        19,
        "the receiver answers 429 with Retry-After",
    ),
    NOTIFY + "test_retries.py::test_what_may_pass_is_tried_again": (19, "the receiver answers 5xx"),
    NOTIFY + "test_retries.py::test_a_timeout_is_tried_again_with_the_same_id": (19, "the receiver hangs"),
    NOTIFY + "test_retries.py::test_a_sink_that_is_down_past_the_last_retry_parks_and_can_be_replayed": (
        20,
        "a closed port",
    ),
    INGEST + "test_fetch.py::test_a_bomb_is_refused": (21, "a server sends a gzip bomb"),
    INGEST + "test_fetch.py::test_an_endless_body_is_left_at_the_cap": (21, "a server never ends its answer"),
    INGEST + "test_decoding.py::test_a_bomb_costs_no_more_than_the_cap": (21, "bombs in each encoding"),
    INGEST + "test_watch.py::test_a_feed_that_hangs_or_breaks_stops_no_other": (21, "feeds that hang and raise"),
    INGEST + "test_fetch.py::test_a_byte_each_moment_runs_into_the_total_timeout": (22, "a server that drips"),
    INGEST + "test_fetch.py::test_loopback_is_refused_in_every_form": (23, "eight forms of a loopback address"),
    INGEST + "test_fetch.py::test_a_redirect_to_metadata_is_refused_even_where_private_is_allowed": (
        23,
        "redirects to 169.254.169.254 and fe80::1",
    ),
    INGEST + "test_address.py::test_the_socket_is_not_even_made": (23, "a socket for a refused address is asked for"),
    INGEST + "test_document.py::test_a_bomb_is_seen_however_it_is_wrapped": (24, "DTDs in many wrappings"),
    INGEST + "test_sandbox.py::test_a_death_is_one_failure_and_the_next_document_is_read": (
        24,
        "documents that take all memory, all time, or kill their reader",
    ),
    INGEST + "test_parse.py::test_a_document_that_ends_early_keeps_all_but_the_entry_it_ends_in": (24, "cut short"),
    INGEST + "test_parse.py::test_a_wrong_charset_does_not_lose_the_entry": (24, "a charset that is wrong"),
    INGEST + "test_parse.py::test_junk_in_one_title_leaves_the_others": (24, "NUL and other junk in a title"),
    INGEST + "test_parse.py::test_hostile_titles_and_links_come_out_plain_or_missing": (25, "scripts and odd links"),
    INGEST + "test_parse.py::test_a_junk_date_is_no_date": (25, "dates that are none"),
    INGEST + "test_articles.py::test_a_guid_that_changes_with_each_fetch_changes_nothing": (25, "changing GUIDs"),
    INGEST + "test_articles.py::test_a_missing_or_future_date_becomes_the_time_of_the_fetch": (25, "future dates"),
    NOTIFY + "test_render_slack.py::test_hostile_text_is_inert": (25, "Slack markup in quotes and names"),
}
