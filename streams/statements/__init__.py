"""Who says what in an article, and where; rules alone, and never how it is meant."""

from streams.statements.find import Found, Skipped, find_statements, read_article

__all__ = ["Found", "Skipped", "find_statements", "read_article"]
