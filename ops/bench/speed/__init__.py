"""Measures Parley's speed as ratios to what a user would write instead, both in one run."""
