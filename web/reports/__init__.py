"""History of attempts and campaign totals."""
