"""The API for other programs, under /api/v1: endpoints as data, one way through for all of them."""
