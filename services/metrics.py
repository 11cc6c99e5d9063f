"""Every metric of every process, named and explained once; and the page that serves them.

Labels are bounded on purpose: actors come from the catalogue, reasons and outcomes from the code. Feeds, outlets and
URLs are never labels. Counters whose growth an alert rule watches start at zero (`start_at_zero`): a series that begins
with its first event shows no growth, and that event would be missed.
"""

import asyncio

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, start_http_server

from services.errors import UsageProblem

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
AGES = (1, 5, 15, 60, 300, 900, 1800, 3600, 6 * 3600, 86400, 7 * 86400)

TASKS = Gauge("parley_asyncio_tasks", "Tasks of this process's event loop that have not ended.")
READY = Gauge("parley_ready", "1 when this process does its work: connected, its state recovered.")

# --- ingest ---------------------------------------------------------------------------------------------------------
FEEDS = Gauge("parley_feeds", "Feeds by state: live, failing, gone (410).", ["state"])
FEEDS_DEAF = Gauge("parley_feeds_deaf", "Feeds that cannot be heard: three failures in a row, gone, or never read.")
FETCHES = Counter("parley_fetches_total", "Visits to feeds and pages by outcome.", ["kind", "outcome"])
FETCH_SECONDS = Histogram("parley_fetch_seconds", "Seconds of one visit to a feed or page.", ["kind"], buckets=SECONDS)
FEED_GAPS = Counter("parley_feed_gaps_total", "Fetches that shared no entry with the one before: some may be missed.")
DOCUMENTS_BAD = Counter("parley_documents_bad_total", "Bodies that could not be read as feeds, by reason.", ["reason"])
ENTRIES_BAD = Counter("parley_entries_bad_total", "Feed entries that could not be used, by reason.", ["reason"])
ARTICLES_IN = Counter(
    "parley_articles_in_total", "Articles acknowledged by the broker: live, backfill, canary.", ["kind"]
)
ARTICLES_DROPPED = Counter("parley_articles_dropped_total", "Articles that did not go on, by reason.", ["reason"])
ARTICLE_TEXTS = Counter(
    "parley_article_texts_total",
    "Where the text of a relevant article came from, and why it is only the summary where it is.",
    ["source"],
)
ARTICLES_CUT = Counter("parley_articles_cut_total", "Articles whose text was shortened to fit into a record.")
PUBLICATION_TO_FETCH = Histogram(
    "parley_publication_to_fetch_seconds",
    "Age of a new article when its feed showed it to us; backfill and edits left out.",
    buckets=AGES,
)
PULSE = Gauge("parley_pulse_timestamp_seconds", "The stream's clock: the last minute that the broker acknowledged.")
OUTBOX = Gauge("parley_outbox_articles", "Articles waiting on disk for the broker's acknowledgement.")
PUBLISH_FAILURES = Counter(
    "parley_publish_failures_total", "Sends that the broker did not acknowledge, by error.", ["error"]
)

# --- stream ---------------------------------------------------------------------------------------------------------
MODEL = Gauge("parley_model_info", "Always 1; the label is the stance model that this worker reads with.", ["version"])
LAG = Gauge(
    "parley_lag_records",
    "Records between the last handled offset and the end of the partition.",
    ["topic", "partition"],
)
BATCH_ARTICLES = Histogram(
    "parley_batch_articles", "Articles in one inference batch.", buckets=(1, 2, 4, 8, 16, 32, 64)
)
BATCH_STATEMENTS = Histogram(
    "parley_batch_statements", "Statements in one inference batch.", buckets=(0, 1, 4, 16, 64, 256, 1024)
)
INFERENCE_SECONDS = Histogram(
    "parley_inference_seconds", "Seconds to find and read the statements of one batch.", buckets=SECONDS
)
READER_HANGS = Counter("parley_reader_hangs_total", "Batches that were not read in time; each stops its worker.")
WORKER_DEATHS = Counter(
    "parley_worker_deaths_total", "Workers that died with records in hand, counted by who found their notes."
)
ARTICLES_READ = Counter("parley_articles_read_total", "Articles handled by the worker by outcome.", ["outcome"])
TEXT_SKIPPED = Counter("parley_text_skipped_total", "Texts or parts of them that were not read, by reason.", ["reason"])
READINGS = Counter("parley_readings_total", "Readings by actor and label.", ["actor", "label"])
CONFIDENCE = Histogram(
    "parley_reading_confidence", "The likeliest label's probability.", buckets=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1)
)
READINGS_IGNORED = Counter(
    "parley_readings_ignored_total", "Readings with a stance that moved no position, by reason.", ["reason"]
)
REREAD = Counter(
    "parley_readings_reread_total",
    "Readings of another version of the model that this one has read again: with the same label, or with another.",
    ["actor", "label"],
)
REREAD_FAILURES = Counter(
    "parley_reread_failures_total", "Statements that could not be read again, and interruptions.", ["what"]
)
REREAD_LEFT = Gauge(
    "parley_reread_left_records",
    "Records of the evidence log still to be looked through after a new model.",
    ["partition"],
)
POSITIONS_DRIFTED = Counter(
    "parley_positions_drifted_total", "Positions taken in silence: only the change of the model moved them.", ["actor"]
)
POSITION = Gauge(
    "parley_position_probability",
    "How likely an actor's position is; `unknown` is 1 until there is evidence enough.",
    ["actor", "stance"],
)
# On the stream's clock, like PULSE. All four are shown by the worker that owns the actor, and go when the actor goes.
POSITION_EVENTS = Gauge("parley_position_events", "Effective independent events behind a position.", ["actor"])
POSITION_OUTLETS = Gauge("parley_position_outlets", "Outlets that a position's evidence comes from.", ["actor"])
POSITION_EVIDENCE = Gauge(
    "parley_position_last_evidence_timestamp_seconds", "Time of the newest evidence on an actor.", ["actor"]
)
LAST_ALERT = Gauge(
    "parley_alert_last_timestamp_seconds",
    "When an actor's last alert of that kind and status was raised, on the machine's clock.",
    ["actor", "kind", "status"],
)
ALERTS = Counter("parley_alerts_total", "Alert states by kind and status.", ["kind", "status"])
RECORDS_KEPT = Counter(
    "parley_records_kept_total", "Records of a kind that only a newer version knows, kept until one takes over."
)
DEAD_LETTERS = Counter(
    "parley_dead_letters_total", "Records put aside, by source topic and reason.", ["topic", "reason"]
)
PUBLICATION_TO_READING = Histogram(
    "parley_publication_to_reading_seconds",
    "Age of a live article when its statements are read: publication to fetch, and broker to worker.",
    buckets=AGES,
)
AGE_SECONDS = Histogram(
    "parley_publication_to_alert_seconds",
    "Seconds from the deciding evidence to its alert, on the stream's clock.",
    buckets=AGES,
)

# --- notify ---------------------------------------------------------------------------------------------------------
# Attempts end as delivered, failed, throttled, unreachable, refused or gone. Alert states that no attempt was made for
# are skipped (not wanted there) or superseded (told as history of a newer one); parked ones were given up.
DELIVERIES = Counter(
    "parley_deliveries_total", "Attempts to deliver, and states not told, by sink and outcome.", ["sink", "outcome"]
)
DELIVERY_SECONDS = Histogram("parley_delivery_seconds", "Seconds of one attempt to deliver.", ["sink"], buckets=SECONDS)
PENDING = Gauge("parley_deliveries_pending", "Deliveries waiting in the ledger.", ["sink"])
HELD = Gauge("parley_notify_held", "1 while `parley notify --hold` keeps everything from going out.")
SILENCES = Gauge("parley_silences", "Silences in force.")
PARKED = Gauge("parley_deliveries_parked", "Deliveries given up after the last retry; they can be replayed.", ["sink"])

# --- canary ---------------------------------------------------------------------------------------------------------
# `time() - parley_canary_last_seen_timestamp_seconds` is how long nothing is known to have come through; it means
# something where the interval is not 0.
CANARY_INTERVAL = Gauge("parley_canary_interval_seconds", "Seconds between the canaries that are sent; 0 is none.")
CANARY_SEEN = Gauge(
    "parley_canary_last_seen_timestamp_seconds", "When the newest canary that came through was sent, in Unix time."
)
CANARY_SECONDS = Histogram(
    "parley_canary_seconds", "Seconds that a canary took from the ingester to the notifier.", buckets=AGES
)

# --- desk -----------------------------------------------------------------------------------------------------------
DESK_RECORDS = Counter(
    "parley_desk_records_total", "Records that the desk's projection read, by outcome.", ["topic", "outcome"]
)
DESK_VERDICTS = Counter("parley_desk_verdicts_total", "Verdicts that people gave on this desk.", ["target", "what"])
ALERT_PRECISION = Gauge(
    "parley_alert_precision", "Share of the judged shift alerts that people called correct; NaN before any is judged."
)
ALERTS_JUDGED = Gauge("parley_alerts_judged", "Shift alerts whose latest verdict says so.", ["what"])
DESK_PRUNED = Counter("parley_desk_articles_pruned_total", "Articles whose text the desk dropped for their age.")
DESK_VIEWERS = Gauge("parley_desk_viewers", "Pages that are being told of news as it comes.")


def start_at_zero(counter: Counter, *combinations: tuple[str, ...]) -> None:
    """Show the counter with each of these labels from the start."""
    for labels in combinations:
        counter.labels(*labels)


def show_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Show from now on how many tasks the loop has; a number that only grows is a leak."""
    TASKS.set_function(lambda: len(asyncio.all_tasks(loop)))


def serve_metrics(host: str, port: int) -> int:
    """Serve this process's metrics on `http://host:port/metrics`; port 0 picks a free one. Returns the port.

    Raises UsageProblem when the port is taken.
    """
    try:
        server, _ = start_http_server(port, addr=host, registry=REGISTRY)
    except OSError as error:
        raise UsageProblem(
            f"metrics page: {host}:{port} cannot be used ({error.strerror}); set PARLEY_METRICS_PORT"
        ) from None
    return int(server.server_port)
