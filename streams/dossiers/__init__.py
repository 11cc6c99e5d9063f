"""Readings -> copies -> events -> the filter over an actor's hidden state, one key at a time."""
