"""Measures the stance reader against labelled rows and shows the result."""
