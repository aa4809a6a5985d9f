"""Read-only figures from the store: formulas apart from SQL."""
