from dialer.engine.deadlines import Deadlines, Due


def test_the_earliest_comes_out_first_and_equals_in_the_order_asked():
    deadlines = Deadlines()
    for when, key in [(5.0, "a"), (3.0, "b"), (5.0, "c"), (3.0, "d"), (9.0, "e")]:
        deadlines.ask(when, "wait", key)
    assert deadlines.next() == 3.0
    assert [due.key for due in deadlines.due(5.0)] == ["b", "d", "a", "c"]
    assert deadlines.next() == 9.0


def test_nothing_is_due_before_its_time_and_each_thing_once():
    deadlines = Deadlines()
    deadlines.ask(2.0, "tick")
    assert deadlines.due(1.999) == []
    assert deadlines.due(2.0) == [Due("tick", "")]
    assert (deadlines.due(3.0), deadlines.next()) == ([], None)
