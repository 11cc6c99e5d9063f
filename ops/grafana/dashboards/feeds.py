"""The dashboard "Feeds": whether feeds are heard, how fresh their news is, and what is wrong with them."""

from ops.grafana.dashboards.rates import RATE, quantiles
from ops.grafana.dashboards.show import Query, Section, Show

SECTIONS = (
    Section(
        "Health",
        (
            Show(
                "Feeds by state",
                "Live, failing (its last visit failed) and gone for good (410).",
                "short",
                (
                    Query('sum by (state) (parley_feeds{state!="live"})', "{{state}}", "feed-stops"),
                    Query('sum by (state) (parley_feeds{state="live"})', "{{state}}", "feed-stops", "down"),
                ),
            ),
            Show(
                "Deaf",
                "Feeds whose silence means nothing: three failures in a row, gone, or never read. The log names them.",
                "short",
                (Query("sum(parley_feeds_deaf)", "deaf", "feed-stops"),),
            ),
            Show(
                "The stream's clock",
                "How long ago, on our clock, the last minute was told to every partition of the readings. It steps "
                "each minute; on the sample newsroom it shows how many years ago that plays.",
                "s",
                (Query("time() - max(parley_pulse_timestamp_seconds)", "behind", "articles", "changes"),),
                kind="number",
            ),
        ),
    ),
    Section(
        "Freshness",
        (
            Show(
                "Age when fetched",
                "Seconds from publication, as the outlet dates it, until the feed showed it to us; new articles only.",
                "s",
                quantiles("parley_publication_to_fetch_seconds"),
            ),
            Show(
                "Articles per hour",
                "Articles that the broker acknowledged; backfill is what a feed shows at its first visit.",
                "short",
                (Query(f"sum by (kind) (rate(parley_articles_in_total{RATE})) * 3600", "{{kind}}", "articles"),),
            ),
            Show(
                "Where texts come from",
                "The feed itself, the article's page, or only the summary and why, since the ingester started; and "
                "those that were shortened to fit into a record, whose end nobody reads.",
                "short",
                (
                    Query("sum by (source) (parley_article_texts_total)", "{{source}}", "articles"),
                    Query('sum(parley_articles_cut_total{job="ingest"})', "shortened", "articles", "stays"),
                ),
            ),
        ),
    ),
    Section(
        "Errors",
        (
            Show(
                "Visits to feeds by outcome",
                "Visits a second: fresh and unchanged are well, the others say what was wrong.",
                "reqps",
                (
                    Query(
                        f'sum by (outcome) (rate(parley_fetches_total{{kind="feed"}}{RATE}))',
                        "{{outcome}}",
                        "feed-stops",
                        "changes",
                    ),
                ),
            ),
            Show(
                "Bodies that are no feeds",
                "Bodies that could not be read as feeds since the ingester started, by reason.",
                "short",
                (Query("sum by (reason) (parley_documents_bad_total)", "{{reason}}", "feed-is-junk"),),
            ),
            Show(
                "Entries that are unusable",
                "Feed entries that could not be used, and visits that shared no entry with the one before.",
                "short",
                (
                    Query("sum by (reason) (parley_entries_bad_total)", "{{reason}}", "feed-has-bad-entries"),
                    Query("sum(parley_feed_gaps_total)", "gaps", "feed-has-gap"),
                ),
            ),
        ),
    ),
)
