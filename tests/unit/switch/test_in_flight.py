"""Legs that may ring, and how long the switch is poked for them."""

import gevent
import pytest

from dialer.switch.in_flight import POKE_EVERY_S, InFlight

LIFE = 20


@pytest.fixture
def pokes():
    return []


@pytest.fixture
def legs(pokes):
    made = InFlight(lambda: pokes.append("poke"), life_beats=LIFE)
    yield made
    made.stop()


def until(is_so):
    with gevent.Timeout(10.0, AssertionError("never so")):
        while not is_so():
            gevent.sleep(POKE_EVERY_S)


def no_more(pokes):
    n_pokes = len(pokes)
    gevent.sleep(10 * POKE_EVERY_S)
    return len(pokes) == n_pokes


def test_the_switch_is_poked_while_a_leg_may_ring_and_no_longer(legs, pokes):
    assert no_more(pokes)
    legs.add("a")
    until(lambda: len(pokes) > 3)
    assert "a" in legs
    legs.discard("a")
    gevent.sleep(2 * POKE_EVERY_S)
    assert no_more(pokes)


def test_a_leg_that_was_never_born_is_forgotten(legs, pokes):
    legs.add("lost")
    until(lambda: len(pokes) > LIFE // 2)
    assert "lost" in legs
    legs.add("young")
    until(lambda: "lost" not in legs)
    assert "young" in legs
    until(lambda: "young" not in legs)
    assert no_more(pokes)


def test_who_is_discarded_twice_or_never_came_is_no_matter(legs):
    legs.discard("nobody")
    legs.add("a")
    legs.discard("a")
    legs.discard("a")
    assert "a" not in legs
