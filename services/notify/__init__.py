"""Alerts to people: consume, decide, render, deliver."""
