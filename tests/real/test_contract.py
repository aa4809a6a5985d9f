"""What the dialer relies on, held against the simulated switch and against a real FreeSWITCH.

The numbers are of the laboratory's plan: their last two digits say what the far end does.
"""

import json
import uuid

import gevent
import pytest

from dialer.switch.status import read_limits
from dialer.switch.variables import KEEP_AFTER_BRIDGE

pytestmark = pytest.mark.freeswitch

KEEP = "park_after_bridge=true,hangup_after_bridge=false"
KEEP_ALWAYS = ",".join(f"{name}={value}" for name, value in KEEP_AFTER_BRIDGE.items())
"""What the dialer sets; the shorter one shows what the last of them is for."""
DROP = "NORMAL_TEMPORARY_FAILURE"
CLEAR = "NORMAL_CLEARING"
NOBODY = "00000000-0000-0000-0000-000000000000"


# --- dialling ------------------------------------------------------------------------------------


def test_an_answered_call_rings_answers_and_parks(node):
    leg = node.dial("33612345601", "relance_attempt=a-1,origination_caller_id_number=33100000000")
    parked = node.wait(leg, "CHANNEL_PARK")
    assert node.wait(leg, "BACKGROUND_JOB").data == f"+OK {leg}\n"
    # The job's end and the park come from two threads.
    assert node.story(leg, "BACKGROUND_JOB") == ["CREATE", "PROGRESS", "ANSWER", "PARK"]
    assert parked.variable("relance_attempt") == "a-1"
    assert parked.get("Answer-State") == "answered"
    assert parked.get("Call-Direction") == "outbound"
    assert parked.get("Caller-Destination-Number") == "33612345601"
    rang, answered = (
        int(parked.get(f"Caller-Channel-{what}-Time")) for what in ("Progress", "Answered")
    )
    assert 1.5e6 < answered - rang < 2.6e6


@pytest.mark.parametrize(
    ("digits", "cause", "q850", "status", "rings"),
    [
        ("03", "USER_BUSY", "17", "486", True),
        ("04", "UNALLOCATED_NUMBER", "1", "404", False),
        ("06", DROP, "41", "503", False),
        ("10", "CALL_REJECTED", "21", "603", True),
    ],
)
def test_a_refused_call(node, digits, cause, q850, status, rings):
    leg = node.dial(f"336123456{digits}")
    ended = node.fate(leg)
    assert node.wait(leg, "BACKGROUND_JOB").data == f"-ERR {cause}\n"
    node.wait(leg, "CHANNEL_DESTROY")
    story = node.story(leg, "BACKGROUND_JOB")
    assert story == [
        "CREATE", *(["PROGRESS"] if rings else []), "HANGUP", "HANGUP_COMPLETE", "DESTROY"
    ]  # fmt: skip
    assert ended.hangup_cause == cause
    assert ended.variable("hangup_cause_q850") == q850
    assert ended.variable("sip_term_status") == status
    assert ended.variable("proto_specific_hangup_cause") == f"sip:{status}"
    assert ended.variable("sip_hangup_disposition") == "recv_refuse"
    assert ended.variable("billmsec") == "0"


def test_a_call_that_rings_out(node):
    """originate_timeout counts whole seconds of the wall clock: N gives N - 1 to N seconds."""
    leg = node.dial("33612345605", "originate_timeout=3")
    ended = node.fate(leg)
    assert ended.hangup_cause == "NO_ANSWER"
    assert ended.variable("sip_term_status") == ""
    assert ended.variable("sip_hangup_disposition") == "send_cancel"
    assert node.wait(leg, "BACKGROUND_JOB").data == "-ERR NO_ANSWER\n"
    assert 1.9e6 < int(ended.variable("uduration")) < 3.3e6


def test_early_media_then_answer(node):
    leg = node.answered("33612345607")
    assert node.story(leg, "BACKGROUND_JOB") == ["CREATE", "PROGRESS_MEDIA", "ANSWER", "PARK"]


def test_early_media_that_is_not_ignored_ends_the_job_before_the_answer(node):
    leg = node.dial("33612345607", "ignore_early_media=false")
    node.wait(leg, "CHANNEL_ANSWER")
    assert node.story(leg, "BACKGROUND_JOB") == ["CREATE", "PROGRESS_MEDIA", "PARK", "ANSWER"]
    told = node.events.index
    assert told(node.of(leg, "BACKGROUND_JOB")[0]) < told(node.of(leg, "CHANNEL_ANSWER")[0])


def test_intercept_tones_then_404(node):
    leg = node.dial("33612345608", "originate_timeout=20")
    ended = node.fate(leg)
    assert ended.hangup_cause == "UNALLOCATED_NUMBER"
    assert "PROGRESS_MEDIA" in node.story(leg)


def test_answer_and_goodbye_at_once(node):
    """Either nothing is told of the answer, or the leg is told whole; the cause is the same."""
    leg = node.dial("33612345609")
    ended = node.fate(leg)
    assert ended.hangup_cause == CLEAR
    assert ended.variable("sip_term_status") == "200"
    assert node.wait(leg, "BACKGROUND_JOB").data in (f"-ERR {CLEAR}\n", f"+OK {leg}\n")


def test_the_far_end_hangs_up_while_parked(node):
    leg = node.answered("33612345611")
    ended = node.fate(leg)
    node.wait(leg, "CHANNEL_DESTROY")
    assert node.story(leg)[-3:] == ["HANGUP", "HANGUP_COMPLETE", "DESTROY"]
    assert (ended.hangup_cause, ended.variable("sip_term_status")) == (CLEAR, "200")
    assert ended.variable("sip_hangup_disposition") == "recv_bye"
    assert 2.5e6 < 1000 * int(ended.variable("billmsec")) < 3.6e6


def test_keys_that_the_far_end_presses(node):
    leg = node.answered("33612345612")
    node.wait(leg, "DTMF", 3)
    assert [event.get("DTMF-Digit") for event in node.of(leg, "DTMF")] == ["1", "2", "#"]


# --- ends by us ----------------------------------------------------------------------------------


def test_killing_a_ringing_leg(node):
    leg = node.dial("33612345605")
    node.wait(leg, "CHANNEL_PROGRESS")
    assert node.api(f"uuid_kill {leg}") == "+OK\n"
    ended = node.fate(leg)
    assert ended.hangup_cause == CLEAR
    assert ended.variable("sip_hangup_disposition") == "send_cancel"
    assert node.wait(leg, "BACKGROUND_JOB").data == f"-ERR {CLEAR}\n"


def test_killing_a_parked_leg_with_a_cause(node):
    leg = node.agent()
    assert node.api(f"uuid_exists {leg}") == "true"
    assert node.api(f"uuid_kill {leg} CALL_REJECTED") == "+OK\n"
    ended = node.fate(leg)
    assert ended.hangup_cause == "CALL_REJECTED"
    assert ended.variable("sip_hangup_disposition") == "send_bye"
    node.wait(leg, "CHANNEL_DESTROY")
    assert node.api(f"uuid_exists {leg}") == "false"
    assert node.api(f"uuid_kill {leg}") == "-ERR No such channel!\n"


# --- bridges -------------------------------------------------------------------------------------


def test_a_bridge_and_the_customers_goodbye(node):
    agent = node.agent()
    customer = node.answered("33612345611")
    node.bridge(customer, agent)
    told = node.of(customer, "CHANNEL_BRIDGE")[0]
    assert told.get("Bridge-A-Unique-ID") == customer
    assert told.get("Bridge-B-Unique-ID") == agent
    assert told.other_uuid == agent
    assert node.fate(customer).variable("sip_hangup_disposition") == "recv_bye"
    node.wait(agent, "CHANNEL_PARK", 2)
    ending = ["BRIDGE", "HANGUP", "UNBRIDGE", "HANGUP_COMPLETE"]
    assert node.story(customer, "CHANNEL_DESTROY")[-4:] == ending
    assert node.api(f"uuid_exists {agent}") == "true"


def test_the_customer_survives_the_agents_phone(node):
    first, second = node.agent(), node.agent(extension=1002)
    customer = node.answered()
    node.bridge(customer, first)
    node.api(f"uuid_kill {first} {DROP}")
    assert node.fate(first).hangup_cause == DROP
    node.wait(customer, "CHANNEL_PARK", 2)
    node.wait(customer, "CHANNEL_UNBRIDGE")
    assert node.api(f"uuid_bridge {customer} {second}") == f"+OK {second}\n"
    assert node.wait(customer, "CHANNEL_BRIDGE", 2).other_uuid == second


@pytest.mark.parametrize("dies", ["first", "second"])
@pytest.mark.parametrize("parks", ["true", "false", ""])
@pytest.mark.parametrize("hangs_up", ["true", "false", ""])
def test_what_becomes_of_the_leg_that_is_left(node, parks, hangs_up, dies):
    given = {"park_after_bridge": parks, "hangup_after_bridge": hangs_up}
    variables = ",".join(f"{name}={value}" for name, value in given.items() if value)
    first, second = node.agent(variables), node.agent(variables, 1002)
    node.bridge(first, second)
    gone, left = (first, second) if dies == "first" else (second, first)
    node.api(f"uuid_kill {gone} {DROP}")
    assert node.fate(gone).hangup_cause == DROP
    if parks == "true":
        node.wait(left, "CHANNEL_PARK", 2)
        assert node.api(f"uuid_exists {left}") == "true"
    else:
        takes_cause = hangs_up == "true" and dies == "second"
        assert node.fate(left).hangup_cause == (DROP if takes_cause else CLEAR)
    assert node.wait(first, "CHANNEL_UNBRIDGE").get("Bridge-B-Unique-ID") == second


def test_a_bridged_leg_goes_to_a_third(node):
    first, second, third = node.agent(), node.agent(extension=1002), node.agent(extension=1003)
    node.bridge(first, second)
    assert node.api(f"uuid_bridge {first} {third}") == f"+OK {third}\n"
    node.wait(first, "CHANNEL_BRIDGE", 2)
    node.wait(second, "CHANNEL_PARK", 2)
    assert node.api(f"uuid_exists {second}") == "true"


@pytest.mark.parametrize("after_s", [0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04])
def test_the_customer_survives_a_phone_that_dies_while_the_bridge_is_made(node, after_s):
    """A bridge takes 40 ms; without uuid_bridge_park_on_cancel its end in that time costs both."""
    first, second = node.agent(KEEP_ALWAYS), node.agent(KEEP_ALWAYS, 1002)
    customer = node.answered(variables=KEEP_ALWAYS)
    assert node.api(f"uuid_bridge {customer} {first}") == f"+OK {first}\n"
    gevent.sleep(after_s)
    node.api(f"uuid_kill {first} {DROP}")
    node.fate(first)
    node.wait(customer, "CHANNEL_PARK", 2)
    assert node.api(f"uuid_bridge {customer} {second}") == f"+OK {second}\n"
    gevent.sleep(0.2)
    assert json.loads(node.api(f"uuid_dump {customer} json"))["variable_bridge_to"] == second


@pytest.mark.parametrize("after_s", [0.0, 0.01])
def test_the_agent_survives_a_customer_who_leaves_while_the_bridge_is_made(node, after_s):
    """His leg may park untold, or say nothing at all; the next bridge takes it as it is."""
    agent, customer = node.agent(KEEP_ALWAYS), node.answered(variables=KEEP_ALWAYS)
    node.api(f"uuid_bridge {customer} {agent}")
    gevent.sleep(after_s)
    node.api(f"uuid_kill {customer}")
    node.fate(customer)
    other = node.answered(variables=KEEP_ALWAYS)
    node.bridge(other, agent)


@pytest.mark.speed(1.0)
def test_a_bridge_with_a_leg_that_only_rings_waits_for_its_answer(node):
    """The originate is over with the bridge, and so is its time limit."""
    agent, ringing = node.agent(), node.dial("33612345601")
    node.wait(ringing, "CHANNEL_PROGRESS")
    assert node.api(f"uuid_bridge {ringing} {agent}") == f"+OK {agent}\n"
    assert node.wait(ringing, "BACKGROUND_JOB").data == "-ERR ORIGINATOR_CANCEL\n"
    node.wait(ringing, "CHANNEL_ANSWER")
    assert node.wait(agent, "CHANNEL_BRIDGE").get("Bridge-B-Unique-ID") == ringing


@pytest.mark.parametrize(
    ("digits", "cause"), [("03", "USER_BUSY"), ("05", "DESTINATION_OUT_OF_ORDER")]
)
@pytest.mark.speed(0.5)
@pytest.mark.parametrize("parks", ["true", "false"])
def test_a_bridge_whose_ringing_leg_ends_costs_the_other_unless_it_parks(
    node, digits, cause, parks
):
    """Refused by the far end, or given up after the waiting leg's call_timeout."""
    agent = node.agent(f"{KEEP},call_timeout=2,uuid_bridge_park_on_cancel={parks}")
    ringing = node.dial(f"336123456{digits}")
    node.wait(ringing, "CHANNEL_PROGRESS")
    assert node.api(f"uuid_bridge {ringing} {agent}") == f"+OK {agent}\n"
    assert node.fate(ringing).hangup_cause == cause
    if parks == "true":
        node.wait(agent, "CHANNEL_PARK", 2)
    else:
        assert node.fate(agent).hangup_cause == "ORIGINATOR_CANCEL"


def test_parking_a_bridged_leg_parks_both(node):
    first, second = node.agent(), node.agent(extension=1002)
    node.bridge(first, second)
    assert node.api(f"uuid_park {first}") == "+OK\n"
    node.wait(first, "CHANNEL_PARK", 2)
    node.wait(second, "CHANNEL_PARK", 2)


def test_a_dump_says_whether_the_leg_is_in_a_bridge(node):
    """bridge_uuid stays after the bridge; bridge_to does not. Both legs differ in state."""
    agent, customer = node.agent(), node.answered()
    node.bridge(customer, agent)
    gevent.sleep(0.1)
    states = {customer: "CS_SOFT_EXECUTE", agent: "CS_EXCHANGE_MEDIA"}
    for leg, other in ((customer, agent), (agent, customer)):
        dumped = json.loads(node.api(f"uuid_dump {leg} json"))
        assert dumped["Channel-State"] == states[leg]
        assert dumped["variable_bridge_to"] == dumped["variable_bridge_uuid"] == other
        assert dumped["variable_current_application"] == "park"
        assert dumped["Other-Leg-Unique-ID"] == other
    node.api(f"uuid_kill {agent}")
    node.wait(customer, "CHANNEL_PARK", 2)
    gevent.sleep(0.1)
    dumped = json.loads(node.api(f"uuid_dump {customer} json"))
    assert dumped["Channel-State"] == "CS_PARK"
    assert dumped["variable_bridge_uuid"] == agent
    assert "variable_bridge_to" not in dumped


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "cause"),
    [
        ("sofia/gateway/nosuch/33612345601", "INVALID_GATEWAY"),
        ("sofia/nosuch/33612345601@127.0.0.1", "INVALID_PROFILE"),
        ("user/9999@127.0.0.1", "SUBSCRIBER_ABSENT"),
        ("nosuch/1", "CHAN_NOT_IMPLEMENTED"),
        ("error/user_busy", "USER_BUSY"),
    ],
)
def test_an_endpoint_that_is_not_there_tells_no_call(node, endpoint, cause):
    leg = str(uuid.uuid4())
    node.job(f"originate {{origination_uuid={leg}}}{endpoint} &park()", leg)
    assert node.wait(leg, "BACKGROUND_JOB").data == f"-ERR {cause}\n"
    is_stillborn = cause in ("INVALID_GATEWAY", "INVALID_PROFILE")
    assert node.story(leg) == [*(["DESTROY"] if is_stillborn else []), "BACKGROUND_JOB"]


def test_a_paused_switch_and_a_broken_dial_string_refuse_alike(node):
    try:
        assert node.api("fsctl pause outbound") == "+OK\n"
        paused = node.dial("33612345601")
        assert node.wait(paused, "BACKGROUND_JOB").data == "-ERR DESTINATION_OUT_OF_ORDER\n"
    finally:
        assert node.api("fsctl resume outbound") == "+OK\n"
    job = node.job("originate {origination_uuid=x sofia/switch/1 &park()")
    assert node.wait(job, "BACKGROUND_JOB").data == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert node.story(paused) == ["BACKGROUND_JOB"]


def test_a_full_switch_refuses(node):
    legs, (limit, _) = [], read_limits(node.api("status"))
    try:
        node.agent()
        assert node.api("fsctl max_sessions 1") == "+OK max sessions: 1\n"
        legs.append(node.dial("33612345601"))
        assert node.wait(legs[0], "BACKGROUND_JOB").data == "-ERR DESTINATION_OUT_OF_ORDER\n"
    finally:
        assert node.api(f"fsctl max_sessions {limit}") == f"+OK max sessions: {limit}\n"
    assert node.story(legs[0]) == ["BACKGROUND_JOB"]


def test_a_uuid_in_use_is_refused_or_replaced(node):
    leg = node.agent()
    job = node.job(f"originate {{origination_uuid={leg}}}user/9998@127.0.0.1 &park()")
    assert node.wait(job, "BACKGROUND_JOB").data.startswith("-ERR")
    again = str(uuid.uuid4())
    endpoint = node._dial.format(number="agent1002")
    node.job(f"originate {{origination_uuid={leg}}}{endpoint} &park()", again)
    answer = node.wait(again, "BACKGROUND_JOB").data or ""
    if answer.startswith("+OK"):
        assert answer != f"+OK {leg}\n"
        node.api(f"uuid_kill {answer.removeprefix('+OK').strip()}")
    else:
        assert answer == "-ERR DESTINATION_OUT_OF_ORDER\n"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("uuid_exists {nobody}", "false"),
        ("uuid_getvar {nobody} x", "-ERR No such channel!\n"),
        ("uuid_setvar {nobody} a b", "-ERR No such channel!\n"),
        ("uuid_dump {nobody} json", "-ERR No such channel!\n"),
        ("uuid_park {nobody}", "-ERR No such channel!\n"),
        ("uuid_break {nobody} all", "-ERR No such channel!\n"),
        ("uuid_transfer {nobody} park inline", "-ERR No such channel!\n"),
        ("uuid_broadcast {nobody} x aleg", "-ERR invalid uuid\n"),
        ("uuid_record {nobody} start x.wav", "-ERR Cannot locate session!\n"),
        ("uuid_send_dtmf {nobody} 5", "-ERR Cannot locate session!\n"),
        ("uuid_bridge {nobody} {nobody}", "-ERR Invalid uuid\n"),
        ("uuid_bridge {nobody}", "-USAGE: <uuid> <other_uuid>\n"),
        ("uuid_kill", "-USAGE: <uuid> [cause]\n"),
        ("uuid_hold {nobody}", "+OK Success\n"),
        ("nosuchcommand", "-ERR nosuchcommand Command not found!\n"),
        ("echo hi", "hi"),
        ("version short", "1.10.12-release\n"),
        ("fsctl pause_check outbound", "false"),
    ],
)
def test_what_commands_answer(node, line, answer):
    assert node.api(line.format(nobody=NOBODY)) == answer


def test_the_limits_are_told_where_the_node_reads_them(node):
    """Whatever a site has set them to."""
    n_sessions, per_second = read_limits(node.api("status"))
    assert n_sessions > 0
    assert node.api("fsctl sps") == f"+OK sessions per second: {per_second}\n"


# --- questions -----------------------------------------------------------------------------------


def test_variables_of_a_leg(node):
    leg = node.agent("relance_agent=7")
    assert node.api(f"uuid_getvar {leg} relance_agent") == "7"
    assert node.api(f"uuid_getvar {leg} nosuch") == "_undef_"
    assert node.api(f"uuid_setvar {leg} relance_note one two") == "+OK\n"
    assert node.api(f"uuid_getvar {leg} relance_note") == "one two"
    assert node.api(f"uuid_setvar_multi {leg} a=1;b=2") == "+OK\n"
    assert node.api(f"uuid_getvar {leg} b") == "2"


def test_free_text_in_a_variable_arrives_unchanged(node):
    from esl.originate import Originate

    leg, text = str(uuid.uuid4()), 'O\'Neil, "Zoé" a=b;c \\ fin'
    endpoint = node._dial.format(number="agent1001")
    node.job(Originate(leg, endpoint, {"a": "1"}, {"relance_note": text}).render(), leg)
    node._legs.append(leg)
    node.wait(leg, "CHANNEL_PARK")
    assert node.api(f"uuid_getvar {leg} relance_note") == text


def test_tables_of_legs_and_calls(node):
    agent, customer = node.agent(), node.answered()
    node.bridge(customer, agent)
    gevent.sleep(0.3)  # the tables are of a database that lags
    channels = {row["uuid"]: row for row in _rows(node, "channels")}
    assert {agent, customer} <= channels.keys()
    assert channels[customer]["state"] == "CS_SOFT_EXECUTE"
    assert channels[agent]["state"] == "CS_EXCHANGE_MEDIA"
    assert channels[agent]["call_uuid"] == customer
    assert channels[customer]["application"] == "uuid_bridge"
    calls = {row["uuid"]: row["b_uuid"] for row in _rows(node, "bridged_calls")}
    assert calls[customer] == agent


def _rows(node, table):
    return json.loads(node.api(f"show {table} as json")).get("rows", [])


# --- sounds --------------------------------------------------------------------------------------


def test_a_broadcast_ends_and_the_leg_goes_on(node):
    leg = node.answered()
    assert node.api(f"uuid_broadcast {leg} tone_stream://%(300,0,600) aleg") == "+OK Message sent\n"
    stopped = node.wait(leg, "PLAYBACK_STOP")
    assert stopped.get("Playback-Status") == "done"
    assert stopped.get("Playback-File-Path") == "tone_stream://%(300,0,600)"
    assert node.story(leg)[-2:] == ["PLAYBACK_START", "PLAYBACK_STOP"]
    assert node.api(f"uuid_exists {leg}") == "true"


def test_a_broken_broadcast_says_break(node):
    leg = node.agent()
    node.api(f"uuid_broadcast {leg} tone_stream://%(9000,0,600) aleg")
    node.wait(leg, "PLAYBACK_START")
    assert node.api(f"uuid_break {leg} all") == "+OK\n"
    assert node.wait(leg, "PLAYBACK_STOP").get("Playback-Status") == "break"


def test_a_leg_killed_under_a_file_ends_the_file_first(node):
    leg = node.agent()
    node.api(f"uuid_broadcast {leg} tone_stream://%(9000,0,600) aleg")
    node.wait(leg, "PLAYBACK_START")
    node.api(f"uuid_kill {leg}")
    node.wait(leg, "CHANNEL_DESTROY")
    assert node.story(leg)[-4:] == ["HANGUP", "PLAYBACK_STOP", "HANGUP_COMPLETE", "DESTROY"]


def test_an_inline_transfer_plays_then_hangs_up(node):
    leg = node.answered()
    script = "'m:^:playback:tone_stream://%(300,0,500)^hangup:NORMAL_CLEARING' inline"
    assert node.api(f"uuid_transfer {leg} {script}") == "+OK\n"
    ended = node.fate(leg)
    assert (ended.hangup_cause, ended.variable("sip_hangup_disposition")) == (CLEAR, "send_bye")
    assert "PLAYBACK_STOP" in node.story(leg)


def test_a_transfer_takes_the_other_leg_along(node):
    first, second = node.agent(), node.agent(extension=1002)
    node.bridge(first, second)
    assert node.api(f"uuid_transfer {first} -both park inline") == "+OK\n"
    node.wait(first, "CHANNEL_PARK", 2)
    node.wait(second, "CHANNEL_PARK", 2)


def test_a_recording_starts_and_stops(node, tmp_path):
    leg, path = node.agent(), tmp_path / "one.wav"
    assert node.api(f"uuid_record {leg} start {path}") == "+OK Success\n"
    assert node.wait(leg, "RECORD_START").get("Record-File-Path") == str(path)
    assert node.api(f"uuid_record {leg} stop {path}") == "+OK Success\n"
    assert node.wait(leg, "RECORD_STOP").get("Record-File-Path") == str(path)
    assert node.api(f"uuid_record {leg} stop {path}") == "-ERR Cannot stop record session!\n"


def test_a_message_executes_an_application_and_hangs_up(node):
    leg, tag = node.agent(), str(uuid.uuid4())
    reply = node.client.send(
        f"sendmsg {leg}\ncall-command: execute\nexecute-app-name: playback\n"
        f"execute-app-arg: tone_stream://%(200,0,600)\nEvent-UUID: {tag}"
    )
    assert reply.data == "+OK"
    done = node.wait(leg, "PLAYBACK_STOP")
    assert done.get("Playback-Status") == "done"
    node.wait(leg, "CHANNEL_EXECUTE_COMPLETE")
    tags = {event.application_uuid for event in node.of(leg, "CHANNEL_EXECUTE_COMPLETE")}
    assert tag in tags
    reply = node.client.send(f"sendmsg {leg}\ncall-command: hangup\nhangup-cause: USER_BUSY")
    assert reply.data == "+OK"
    assert node.fate(leg).hangup_cause == "USER_BUSY"
    gone = node.client.send(f"sendmsg {NOBODY}\ncall-command: hangup")
    assert gone.data == f"-ERR invalid session id [{NOBODY}]"
