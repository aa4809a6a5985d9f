"""Recorded calls: listed, heard, fetched and deleted, each by its own right and each noted."""
