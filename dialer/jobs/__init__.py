"""Work that may wait and may be repeated: RQ tasks whose arguments are ids."""
