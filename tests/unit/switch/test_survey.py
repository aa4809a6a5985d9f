import orjson
import pytest
from wire_stories import replies

from dialer.model.events import LegAnswered, LegEnded, LegParked, LegRinging, LegsBridged
from dialer.switch.survey import LiveLeg, as_events, candidates, look_at
from esl.verbs import ShowChannels, UuidDump

CUSTOMER, AGENT = "734d4338-385b-4551-a6ff-81c843f8cdd0", "4525ddac-1acf-4331-b9f4-5d206e73dfc3"
TALKING = "resync_hold_eavesdrop_agent_drop"


def api_of(name):
    """The short commands of a recording, answered as recorded."""
    recorded = replies(name)
    return lambda command: recorded[command.render()]


def answering(text):
    return lambda command: text


def test_a_leg_recorded_in_conversation_is_in_conversation():
    """As FreeSWITCH 1.10.12 has it: the first leg of a uuid_bridge stays in CS_SOFT_EXECUTE."""
    leg = look_at(api_of(TALKING), CUSTOMER)
    assert (leg.is_answered, leg.bridged_to) == (True, AGENT)
    assert (leg.attempt_id, leg.agent_id, leg.is_ours) == ("1", "", True)
    assert as_events(CUSTOMER, leg) == [LegAnswered(CUSTOMER), LegsBridged(CUSTOMER, AGENT)]


@pytest.mark.parametrize("name", ["answered_human", "answered_human_json"])
def test_a_leg_recorded_parked_after_its_conversation_is_in_none(name):
    """It still names its last partner in three headers."""
    (identity,) = [key.split()[1] for key in replies(name) if key.startswith("uuid_dump")]
    leg = look_at(api_of(name), identity)
    assert (leg.is_answered, leg.bridged_to, leg.agent_id) == (True, None, "7")
    assert as_events(identity, leg) == [LegAnswered(identity), LegParked(identity)]


def test_the_second_leg_of_a_bridge_is_in_it():
    facts = {"Channel-State": "CS_EXCHANGE_MEDIA", "Channel-Call-State": "ACTIVE",
             "Answer-State": "answered", "variable_bridge_uuid": CUSTOMER}  # fmt: skip
    assert look_at(answering(orjson.dumps(facts).decode()), AGENT).bridged_to == CUSTOMER


def test_a_leg_that_does_not_exist_is_none_and_lost():
    assert look_at(answering("-ERR No such channel!\n"), "x") is None
    assert as_events("x", None) == [LegEnded("x", "LOST")]


def test_an_unreadable_answer_is_a_leg_of_which_nothing_is_known():
    leg = look_at(answering("{broken"), "x")
    assert leg == LiveLeg("x", is_answered=False, bridged_to=None, variables={})
    assert not leg.is_ours


def test_a_leg_that_rings_is_told_as_ringing():
    facts = {"Answer-State": "ringing", "Channel-State": "CS_CONSUME_MEDIA"}
    leg = look_at(answering(orjson.dumps(facts).decode()), "x")
    assert as_events("x", leg) == [LegRinging("x")]


def test_show_channels_names_the_legs():
    assert candidates(api_of(TALKING)) == [CUSTOMER, AGENT]


@pytest.mark.parametrize("name", ["answered_human", "protocol_edges"])
def test_a_switch_without_its_database_names_none(name):
    assert candidates(api_of(name)) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", '{"row_count":0}', '{"rows":[1,{"x":2}]}', "-ERR no reply"]
)
def test_odd_answers_name_none(text):
    assert candidates(answering(text)) == []


def test_what_is_asked():
    assert UuidDump(CUSTOMER).render() == f"uuid_dump {CUSTOMER} json"
    assert ShowChannels().render() == "show channels as json"
