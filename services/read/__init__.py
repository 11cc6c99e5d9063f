"""Articles as JSON lines in, readings as JSON lines out."""
