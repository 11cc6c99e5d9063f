"""One article followed through the topics and the memories on disk."""
