import gc

import pytest

from dialer.run.heap import settle_heap


@pytest.fixture(autouse=True)
def _unfrozen():
    yield
    gc.unfreeze()


def test_what_lives_when_all_is_set_up_is_not_looked_at_by_a_collection():
    lasting = [object()]
    settle_heap()
    short = [object()]
    looked_at = gc.get_objects()
    assert not any(one is lasting for one in looked_at)
    assert any(one is short for one in looked_at)
