"""Who owns what: advisory locks of two controllers on one database."""

import pytest

from dialer.run.lease import Leases


@pytest.fixture
def controllers(database_url):
    pair = Leases(database_url), Leases(database_url)
    yield pair
    for leases in pair:
        leases.close()


def test_a_campaign_belongs_to_one_controller_until_it_is_given_up(controllers):
    one, other = controllers
    assert one.take([1, 2]) == {1, 2}
    assert other.take([2, 3]) == {3}
    one.give_up(2)
    assert other.take([2]) == {2}


def test_a_pool_belongs_to_one_controller_until_it_is_let_go(controllers):
    one, other = controllers
    assert one.take_pool("Lomé") and one.take_pool("Lomé")
    assert not other.take_pool("Lomé")
    assert other.take_pool("Dakar")
    one.keep_pools(["Cotonou"])
    assert other.take_pool("Lomé")


def test_a_closed_controller_owns_nothing(controllers):
    one, other = controllers
    one.take([1])
    one.take_pool("Lomé")
    one.close()
    assert (one.held, one.pools) == (set(), set())
    assert other.take([1]) == {1}
    assert other.take_pool("Lomé")
