"""What is asked for again after a reconnect: once, in order, the last format last."""

from esl.commands import Api, Filter, FilterDelete, NixEvent, NoEvents, Raw, SendMsg, Subscribe
from esl.ledger import Ledger


def lines(ledger):
    return [command.lines()[0] for command in ledger]


def test_filters_come_before_the_events_they_filter():
    ledger = Ledger(["DTMF", "a::b"], [Filter("Event-Name", "DTMF")], "plain")
    assert lines(ledger) == ["filter add Event-Name DTMF", "event plain DTMF CUSTOM a::b"]


def test_nothing_asked_for_is_nothing_replayed():
    assert lines(Ledger([], [], "json")) == []


def test_the_same_line_is_kept_once_at_its_last_place():
    """The format is the connection's and the last one wins."""
    ledger = Ledger(["DTMF"], [], "json")
    ledger.remember(Subscribe(["TALK"], format="plain"))
    ledger.remember(Subscribe(["DTMF"]))
    assert lines(ledger) == ["event plain TALK", "event json DTMF"]


def test_noevents_forgets_events_and_keeps_filters():
    ledger = Ledger(["DTMF"], [Filter("Event-Name", "DTMF")], "json")
    ledger.remember(NixEvent(["DTMF"]))
    ledger.remember(NoEvents)
    assert lines(ledger) == ["filter add Event-Name DTMF"]


def test_deleting_all_filters_forgets_them_deleting_one_is_replayed():
    ledger = Ledger(["DTMF"], [Filter("Event-Name", "DTMF")], "json")
    ledger.remember(FilterDelete("Event-Name"))
    assert lines(ledger)[-1] == "filter delete Event-Name"
    ledger.remember(FilterDelete())
    assert lines(ledger) == ["event json DTMF"]


def test_text_counts_as_values_do_and_other_commands_are_not_kept():
    ledger = Ledger([], [], "json")
    for command in (Raw("event json DTMF"), Raw("api status"), Api("event"), SendMsg("u", {})):
        ledger.remember(command)
    assert lines(ledger) == ["event json DTMF"]
