"""What every process shows of itself, whatever its work is: whether it is there, since when, and what it takes."""

from ops.grafana.dashboards.rates import RATE
from ops.grafana.dashboards.show import Query, Show

PROCESSES = (
    Show(
        "Ready",
        "Processes that are connected and have recovered their state.",
        "short",
        (Query('sum by (job) (parley_ready{job=~"ingest|stream|notify|desk"})', "{{job}}", "worker-joins"),),
    ),
    Show(
        "Time since start",
        "How long each process has run; a fall is a restart.",
        "s",
        (
            Query(
                'time() - process_start_time_seconds{job=~"ingest|stream|notify|desk"}',
                "{{job}} {{instance}}",
                "worker-restarts",
                "changes",
            ),
        ),
    ),
    Show(
        "Memory",
        "Resident memory of each process.",
        "bytes",
        (
            Query(
                'process_resident_memory_bytes{job=~"ingest|stream|notify|desk"}',
                "{{job}} {{instance}}",
                "worker-joins",
            ),
        ),
    ),
    Show(
        "Processor time",
        "Cores in use by each process.",
        "short",
        (
            Query(
                f'rate(process_cpu_seconds_total{{job=~"ingest|stream|notify|desk"}}{RATE})',
                "{{job}} {{instance}}",
                "articles",
                "changes",
            ),
        ),
    ),
    Show(
        "Tasks",
        "Tasks of each process's event loop that have not ended. A number that grows for days is a leak: report it.",
        "short",
        (
            Query(
                'parley_asyncio_tasks{job=~"ingest|stream|notify|desk"}',
                "{{job}} {{instance}}",
                "worker-joins",
                "changes",
            ),
        ),
    ),
    Show(
        "Workers that died",
        "Workers that died with records in hand, counted by whoever found their notes; a restart begins anew. A record "
        "that is in hand at three deaths is put aside: look at the dead letters.",
        "short",
        (Query('sum(parley_worker_deaths_total{job="stream"})', "deaths", "worker-dies"),),
    ),
    Show(
        "Records left to a newer version",
        "Records of a kind that a worker does not know, since it started; they wait for one that does. After an "
        "upgrade that is done, a worker was left behind: upgrade it.",
        "short",
        (Query('sum by (instance) (parley_records_kept_total{job="stream"})', "{{instance}}", "newer-record"),),
    ),
)
