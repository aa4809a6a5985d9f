"""Sequencing: events in, commands out, with no clock and no I/O.

Each reactor has the same three methods: `handle(event, now)`, `expire(now)`, `next_deadline()`.
"""
