from dialer.policy.presence import GONE_S, SILENT_S, is_gone, silent_desks


def test_a_desk_is_silent_from_the_limit_on():
    assert silent_desks({1: SILENT_S - 0.1, 2: SILENT_S, 3: 0.0}) == {2}


def test_the_only_two_desks_may_both_be_silent():
    assert silent_desks({1: 60.0, 2: 60.0}) == {1, 2}


def test_when_every_desk_is_silent_it_is_the_web_that_is():
    assert silent_desks({1: 60.0, 2: 60.0, 3: 60.0}) == set()
    assert silent_desks({1: 60.0, 2: 60.0, 3: 60.0, 4: 1.0}) == {1, 2, 3}


def test_nobody_is_silent_where_no_page_was_ever_heard():
    assert silent_desks({}) == set()


def test_a_desk_is_gone_from_the_limit_on():
    assert (is_gone(GONE_S - 0.1), is_gone(GONE_S)) == (False, True)
