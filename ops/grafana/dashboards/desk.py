"""The dashboard "Desk": where every actor stands, who has moved, and how well each is covered."""

from ops.grafana.dashboards.show import Query, Section, Show

EVIDENCE = "${desk}/actors/${__field.labels.actor}"
CHOSEN = 'actor=~"$actor"'
KNOWN = 'and on (actor) max by (actor) (parley_position_probability{stance="unknown"}) == 0'

SECTIONS = (
    Section(
        "Positions",
        (
            Show(
                "Where actors stand",
                "How much likelier an actor is for a negotiated end than against it, from 1 to -1. "
                "Actors without evidence enough are left out. Marks are confirmed shifts; a line leads to evidence.",
                "none",
                (
                    Query(
                        f'(max by (actor) (parley_position_probability{{stance="favor", {CHOSEN}}}) '
                        f'- max by (actor) (parley_position_probability{{stance="against", {CHOSEN}}})) {KNOWN}',
                        "{{actor}}",
                        "articles",
                        "changes",
                    ),
                ),
                width=16,
                link=EVIDENCE,
                least=-1.0,
                most=1.0,
            ),
            Show(
                "Stances now",
                "The likeliest stance of each actor and how likely it is. Click an actor for quotes, dates and links.",
                "percentunit",
                (
                    Query(
                        f"max by (actor, stance) (parley_position_probability{{{CHOSEN}}}) > 0.5",
                        "{{actor}} {{stance}}",
                        "articles",
                        "changes",
                    ),
                ),
                kind="table",
                link="${desk}/actors/${__data.fields.actor}",
                most=1.0,
            ),
            Show(
                "Probability of each stance",
                "All three states of the chosen actors; mixed is a state of its own and not the middle of a doubt.",
                "percentunit",
                (
                    Query(
                        f'max by (actor, stance) (parley_position_probability{{stance!="unknown", {CHOSEN}}})',
                        "{{actor}} {{stance}}",
                        "articles",
                        "changes",
                    ),
                ),
                width=16,
                link=EVIDENCE,
                most=1.0,
            ),
            Show(
                "Last alert of each actor",
                "When an actor's last alert of each kind and status was raised.",
                "dateTimeFromNow",
                (
                    Query(
                        f"max by (actor, kind, status) (parley_alert_last_timestamp_seconds{{{CHOSEN}}}) * 1000",
                        "{{actor}}",
                        "articles",
                    ),
                ),
                kind="table",
                link="${desk}/actors/${__data.fields.actor}",
                least=None,
            ),
        ),
    ),
    Section(
        "Alerts",
        (
            Show(
                "Alert states raised",
                "Pending, confirmed, retracted and closed states, shifts and first positions.",
                "short",
                (Query("sum by (kind, status) (parley_alerts_total)", "{{kind}} {{status}}", "articles"),),
                width=12,
            ),
            Show(
                "Time since a canary came through",
                "A canary article goes the whole way every few minutes. Beyond three intervals no alert would come "
                "through either.",
                "s",
                (
                    Query(
                        "time() - max(parley_canary_last_seen_timestamp_seconds) "
                        "and max(parley_canary_interval_seconds) > 0",
                        "since the last",
                        "time",
                        "changes",
                    ),
                ),
                kind="number",
                width=6,
            ),
            Show(
                "Going out is held",
                "1 while `parley notify --hold` keeps everything from going out, and the silences in force.",
                "none",
                (
                    Query("max(parley_notify_held)", "held", "hold"),
                    Query("max(parley_silences)", "silences", "hold"),
                ),
                kind="number",
                width=6,
            ),
        ),
    ),
    Section(
        "What people said",
        (
            Show(
                "Alerts that were right",
                "Share of the judged shift alerts that people called correct; empty before any is judged.",
                "percentunit",
                (Query('max(parley_alert_precision{job="desk"})', "correct", "verdict"),),
                kind="number",
                width=6,
                most=1.0,
            ),
            Show(
                "Alerts judged",
                "Shift alerts by their latest verdict. Judge those that are not, so that the share means something.",
                "short",
                (Query("max by (what) (parley_alerts_judged)", "{{what}}", "verdict"),),
                width=9,
            ),
            Show(
                "Verdicts given",
                "Verdicts on readings and alerts since the desk started. Many of one kind say what the reader gets "
                "wrong; the next training learns from them.",
                "short",
                (Query("sum by (target, what) (parley_desk_verdicts_total)", "{{target}} {{what}}", "verdict"),),
                width=9,
            ),
        ),
    ),
    Section(
        "Coverage",
        (
            Show(
                "Independent events behind a position",
                "Effective number of independent events that an actor's position rests on; wire copies count once.",
                "short",
                (Query(f"max by (actor) (parley_position_events{{{CHOSEN}}})", "{{actor}}", "articles", "changes"),),
                kind="bars",
                link=EVIDENCE,
            ),
            Show(
                "Outlets behind a position",
                "How many outlets the evidence on an actor comes from.",
                "short",
                (Query(f"max by (actor) (parley_position_outlets{{{CHOSEN}}})", "{{actor}}", "articles", "changes"),),
                kind="bars",
                link=EVIDENCE,
            ),
            Show(
                "Age of the newest evidence",
                "How long an actor has not been quoted, on the stream's clock.",
                "s",
                (
                    Query(
                        "max(parley_pulse_timestamp_seconds) - on () group_right () "
                        f"max by (actor) (parley_position_last_evidence_timestamp_seconds{{{CHOSEN}}})",
                        "{{actor}}",
                        "articles",
                        "changes",
                    ),
                ),
                link=EVIDENCE,
                least=None,
            ),
            Show(
                "Readings per hour",
                "Statements read for their stance, by actor.",
                "short",
                (
                    Query(
                        f"sum by (actor) (rate(parley_readings_total{{{CHOSEN}}}[$__rate_interval])) * 3600",
                        "{{actor}}",
                        "articles",
                    ),
                ),
                width=24,
                link=EVIDENCE,
            ),
        ),
    ),
)
