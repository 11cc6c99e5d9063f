"""Feeds to articles: fetch, parse, schedule, relevance, publish."""
