"""The corpus that the stance reader is fine-tuned on: its rows, its seeds, and the checks that rows must pass."""
