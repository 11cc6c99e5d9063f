"""`python -m ops.grafana.dashboards` writes ops/grafana/json."""

from ops.grafana.dashboards.build import write

if __name__ == "__main__":
    write()
