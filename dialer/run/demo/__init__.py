"""The demonstration: everything at once on one machine, and what came of it."""
