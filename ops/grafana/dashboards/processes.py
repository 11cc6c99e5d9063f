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
)
