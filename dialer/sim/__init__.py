"""A switch, its carrier and its people that do not exist: for demo, tests and benchmarks."""
