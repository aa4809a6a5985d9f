"""Measurements, each run as `python -m benchmarks.<name>`; method in README.md."""
