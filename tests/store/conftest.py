"""A campaign with a list and some leads, as most tests of the store need them."""

import pytest
from store_facts import World


@pytest.fixture
def world(session_factory):
    """A running campaign, one ready list, one agent; `world.leads(n)` adds leads."""
    return World(session_factory)
