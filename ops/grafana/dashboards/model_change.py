"""What a new model does to what the old one read: how far it has come, what it reads differently, whom that moves."""

from ops.grafana.dashboards.show import Query, Show

CHANGE = (
    Show(
        "Still to be read again",
        "Records of the log that a new model has still to look through; alerts are held until its actors are done. "
        "Where it stands still, the worker's log says why.",
        "short",
        (Query("sum(parley_reread_left_records)", "records", "model-changes", "ends"),),
    ),
    Show(
        "Not read again",
        "Statements that the new model could not read, whose actors' alerts stay held, and interruptions, after which "
        "it goes on, since the workers started. Go back to the old model where statements fail.",
        "short",
        (
            Query('sum(parley_reread_failures_total{what="statement"})', "statement", "articles", "stays"),
            # The broker's outage interrupts what is then still being read, which may be nothing.
            Query('sum(parley_reread_failures_total{what="interruption"})', "interruption", "broker-stops", "unseen"),
        ),
    ),
    Show(
        "Read again",
        "Readings of the last month that a new model has read again since the workers started: with the same "
        "label or with another. Many others: see which actors, and read their quotes on the desk.",
        "short",
        (Query("sum by (label) (parley_readings_reread_total)", "{{label}}", "model-changes"),),
    ),
    Show(
        "Labels changed, by actor",
        "Share of an actor's readings that have another label since they were read again. An actor far from "
        "the others is one that the two models see differently.",
        "percentunit",
        (
            Query(
                'sum by (actor) (parley_readings_reread_total{label="changed"}) '
                "/ sum by (actor) (parley_readings_reread_total)",
                "{{actor}}",
                "model-changes",
            ),
        ),
        kind="bars",
        most=1.0,
    ),
    Show(
        "Positions that only the model moved",
        "Positions taken in silence since the workers started: the actor did not move, the reading of it did, "
        "and nobody was alerted. Tell the desk which, and give verdicts where the new model is wrong.",
        "short",
        (Query("sum by (actor) (parley_positions_drifted_total)", "{{actor}}", "model-changes", "unseen"),),
    ),
)
