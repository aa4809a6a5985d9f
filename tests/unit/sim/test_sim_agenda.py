from dialer.sim.agenda import Agenda


def test_entries_come_out_by_time_then_by_entry():
    agenda = Agenda()
    for when, name in ((2.0, "c"), (1.0, "a"), (1.0, "b")):
        agenda.at(when, print, name)
    order = []
    while (entry := agenda.pop(5.0)) is not None:
        order.append(entry[1].subject[0])
    assert order == ["a", "b", "c"]


def test_nothing_comes_out_early():
    agenda = Agenda()
    agenda.at(2.0, print)
    assert agenda.pop(1.99) is None
    assert agenda.next_at() == 2.0


def test_a_cancelled_entry_wakes_nobody():
    agenda = Agenda()
    agenda.at(1.0, print).cancel()
    agenda.at(3.0, print)
    assert agenda.next_at() == 3.0
    agenda.clear()
    assert agenda.next_at() is None
