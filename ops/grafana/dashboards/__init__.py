"""Grafana's dashboards as code; `python -m ops.grafana.dashboards` writes ops/grafana/json from it."""
