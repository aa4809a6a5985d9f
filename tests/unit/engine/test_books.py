from floor import lead

from dialer.engine.books import AgentBook, CallBook
from dialer.model.agent import Agent, AgentState
from dialer.model.call import Call, CallState

CALL = Call("t1", "leg-c", 1, lead(1), "n1", dialed_at=0.0)


def agent(agent_id=1):
    return Agent(agent_id, 1, "A", "1001", "n1", since=0.0)


def test_a_call_is_found_by_attempt_and_by_leg_until_it_is_removed():
    book = CallBook()
    book.add(CALL)
    assert book.of_attempt("t1") is book.of_leg("leg-c") is CALL
    assert book.in_state(CallState.DIALING, CallState.RINGING) == [CALL]
    assert book.in_state(CallState.WAITING) == []
    book.remove(CALL)
    book.remove(CALL)
    assert (book.of_attempt("t1"), book.of_leg("leg-c"), len(book)) == (None, None, 0)


def test_no_identity_finds_no_call_and_no_agent():
    assert CallBook().of_attempt(None) is None
    assert AgentBook().get(None) is None


def test_a_new_phone_leg_replaces_the_old_one():
    book, one = AgentBook(), agent()
    book.add(one)
    book.plug(one, "leg-1")
    book.plug(one, "leg-2")
    assert (book.of_leg("leg-1"), book.of_leg("leg-2")) == (None, one)
    book.unplug(one)
    assert (book.of_leg("leg-2"), one.leg_id) == (None, None)


def test_an_agent_who_is_removed_takes_the_leg_along():
    book, one = AgentBook(), agent()
    book.add(one)
    book.plug(one, "leg-1")
    assert book.in_state(AgentState.OFFLINE) == [one]
    book.remove(one)
    assert (len(book), book.of_leg("leg-1"), book.get(1)) == (0, None, None)
