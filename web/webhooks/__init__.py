"""Calls of other systems: delivery reports of messages."""
