"""The broker: the embedded one, and what any broker needs before the first record."""
