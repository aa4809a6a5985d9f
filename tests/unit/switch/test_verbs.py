from dataclasses import replace

import pytest

from dialer.config import read_switches
from dialer.model.commands import (
    BridgeLegs,
    CallAgent,
    CallOutside,
    CallSupervisor,
    HangUpLeg,
    JoinRoom,
    MuteLeg,
    Originate,
    OverhearLeg,
    ParkLeg,
    PlayNotice,
    PlaySound,
    RecordLeg,
    SendDigits,
)
from dialer.model.errors import BadInput
from dialer.model.permit import Permit
from dialer.model.phone import PhoneKind
from dialer.model.supervision import Hearers
from dialer.switch import verbs
from esl import EslError

(SWITCH,) = read_switches(
    "esl://fs1:pw@h?customer=sofia/gateway/carrier/{number}&agent=user/{phone}&notice=/n/{notice}.wav"
    "&recording=/r/{recording}.wav"
)
LEG, OTHER = "5b6c2a52-0000-4000-8000-00000000000a", "5b6c2a52-0000-4000-8000-00000000000b"
CALL = Originate(
    permit=Permit(5, "+33612345678", "FR", 10.0), campaign_id=1, attempt_id="t-1", leg_id=LEG,
    lead_id=5, attempt_number=2, node="n1", number="+33612345678", caller_id="+33100000001",
    ring_timeout_s=25.0, at=1.0,
)  # fmt: skip
OUTSIDE = CallOutside(1, "t-1", LEG, "n1", "+33155667788", "+33100000001", 30.0)
AGENT = CallAgent(7, 1, LEG, "n1", "1001")


def test_a_customers_originate_to_the_byte():
    assert verbs.dial_customer(CALL, SWITCH).render() == (
        f"originate {{origination_uuid={LEG},originate_timeout=26,ignore_early_media=true,"
        "relance_campaign=1,relance_attempt=t-1,relance_lead=5,relance_try=2,"
        "hangup_after_bridge=false,park_after_bridge=true,uuid_bridge_park_on_cancel=true,"
        "origination_caller_id_number=+33100000001}sofia/gateway/carrier/33612345678 &park()"
    )


def test_an_agents_originate_to_the_byte():
    assert verbs.dial_agent(AGENT, SWITCH).render() == (
        f"originate {{origination_uuid={LEG},originate_timeout=30,relance_agent=7,"
        "relance_campaign=1,hangup_after_bridge=false,park_after_bridge=true,"
        "uuid_bridge_park_on_cancel=true,"
        "sip_auto_answer=true,sip_auto_answer_suppress_notify=true,"
        "alert_info=info=alert-autoanswer;delay=0}user/1001 &park()"
    )


def test_a_browsers_leg_is_known_by_its_header_and_asks_no_desk_phone_to_answer():
    line = verbs.dial_agent(replace(AGENT, phone_kind=PhoneKind.WEBRTC), SWITCH).render()
    assert "sip_h_X-Relance-Agent=7" in line
    assert "auto" not in line
    assert line.endswith("user/1001 &park()")


def test_an_outside_number_takes_the_trunk_and_must_confirm_with_a_key():
    outside = replace(
        AGENT, phone_kind=PhoneKind.OUTSIDE, phone_address="+33612345678", caller_id="+33100000001"
    )
    line = verbs.dial_agent(outside, SWITCH).render()
    assert line.endswith("sofia/gateway/carrier/33612345678 &park()")
    assert "group_confirm_key=1,group_confirm_timeout=15" in line
    assert "group_confirm_file=tone_stream://" in line
    assert "origination_caller_id_number=+33100000001" in line
    assert "X-Relance-Agent" not in line  # our identities are not the carrier's business


@pytest.mark.parametrize("address", ["1001", "+0612345678", "0612345678", "+33612345678 ", "+3361"])
def test_what_is_no_international_number_never_reaches_the_trunk(address):
    outside = replace(AGENT, phone_kind=PhoneKind.OUTSIDE, phone_address=address)
    with pytest.raises(BadInput, match="agent 7"):
        verbs.dial_agent(outside, SWITCH)


def test_a_supervisors_phone_is_called_as_an_agents_under_a_name_of_its_own():
    called = CallSupervisor(90, 1, LEG, "n1", "1001")
    as_agent = verbs.dial_agent(AGENT, SWITCH).render()
    line = verbs.dial_supervisor(called, SWITCH).render()
    assert line == as_agent.replace("relance_agent=7", "relance_supervisor=90")
    assert line != as_agent
    with pytest.raises(BadInput, match="supervisor 90"):
        verbs.dial_supervisor(replace(called, phone_address="1001}sofia"), SWITCH)


@pytest.mark.parametrize(
    ("hearers", "customer", "agent"),
    [("NOBODY", "false", "false"), ("AGENT", "false", "true"), ("EVERYBODY", "true", "true")],
)
def test_overhearing_an_agents_leg_to_the_byte(hearers, customer, agent):
    """Of the leg that is overheard: what it sends (a) goes to the customer, what it gets (b)."""
    line = verbs.overhear(OverhearLeg("n1", LEG, OTHER, Hearers(hearers))).render()
    assert line == (
        f"uuid_transfer {LEG} 'm:^:set:eavesdrop_enable_dtmf=false"
        f"^set:eavesdrop_whisper_aleg={customer}^set:eavesdrop_whisper_bleg={agent}"
        f"^eavesdrop:{OTHER}^park:' inline"
    )


@pytest.mark.parametrize("leg", ["", "x y", "x^system:reboot", "x,y", "all inline", "x'"])
def test_only_identities_are_overheard(leg):
    with pytest.raises(EslError):
        verbs.overhear(OverhearLeg("n1", LEG, leg, Hearers.NOBODY)).render()


def test_an_outside_originate_to_the_byte():
    """It bears no `relance_attempt`: that is the customer's leg alone."""
    assert verbs.dial_outside(OUTSIDE, SWITCH).render() == (
        f"originate {{origination_uuid={LEG},originate_timeout=31,ignore_early_media=true,"
        "relance_campaign=1,relance_outside=t-1,hangup_after_bridge=false,park_after_bridge=true,"
        "uuid_bridge_park_on_cancel=true,origination_caller_id_number=+33100000001}"
        "sofia/gateway/carrier/33155667788 &park()"
    )


@pytest.mark.parametrize(
    "number", ["", "33155667788", "+0155667788", "+331,sofia/x", "+33155667788\n", "+33 1", "112"]
)
def test_an_outside_number_that_is_none_is_refused(number):
    with pytest.raises(BadInput, match="campaign 1") as caught:
        verbs.dial_outside(replace(OUTSIDE, number=number), SWITCH)
    assert number == "" or number not in str(caught.value)


def test_a_room_is_named_by_the_attempt_and_may_take_the_partner_along():
    """An inline list splits at commas, so it names its own mark."""
    room = "'m:^:conference:t-1@relance^park:' inline"
    alone = verbs.room(JoinRoom("n1", LEG, "t-1")).render()
    assert alone == f"uuid_transfer {LEG} {room}"
    both = verbs.room(JoinRoom("n1", LEG, "t-1", with_partner=True)).render()
    assert both == f"uuid_transfer {LEG} -both {room}"


@pytest.mark.parametrize("attempt", ["a,b", "a^hangup", "a@b", "a b", "a'b", "${x}", ""])
def test_a_room_with_a_hostile_name_is_refused(attempt):
    with pytest.raises(EslError):
        verbs.room(JoinRoom("n1", LEG, attempt)).render()


def test_the_number_dialled_is_the_permits():
    """Whatever else the command says: compliance has passed that one."""
    other = replace(CALL, number="+33999999999")
    assert "33612345678 &park" in verbs.dial_customer(other, SWITCH).render()


def test_without_a_caller_number_the_switchs_own_is_shown():
    assert "caller_id" not in verbs.dial_customer(replace(CALL, caller_id=""), SWITCH).render()


@pytest.mark.parametrize(
    "phone",
    ["", "1001 &system(x)", "1001,1002", "1001|1002", "a@b", "a/b", "1001\n", "{x=y}1001", "[a]",
     "${x}", "1001'", "é", "1" * 41, "1001}sofia", "+33123456789"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(phone):
    with pytest.raises(BadInput, match="agent 7") as caught:
        verbs.dial_agent(replace(AGENT, phone_address=phone), SWITCH)
    assert phone == "" or phone not in str(caught.value)


@pytest.mark.parametrize("phone", ["1001", "awa.k", "awa_k-2"])
def test_an_address_is_dialled_as_it_is(phone):
    line = verbs.dial_agent(replace(AGENT, phone_address=phone), SWITCH).render()
    assert line.endswith(f"user/{phone} &park()")


@pytest.mark.parametrize(
    "number",
    ["+336 &system(x)", "+336,sofia/x", "+336|x", "+336\nhangup", "+336}{x=y}", "+336${x}"],
)
def test_a_number_that_got_past_everything_still_cannot_split_the_line(number):
    hostile = replace(CALL, permit=replace(CALL.permit, number=number))
    with pytest.raises(EslError):
        verbs.dial_customer(hostile, SWITCH)


@pytest.mark.parametrize("field", ["attempt_id", "caller_id", "leg_id"])
@pytest.mark.parametrize("value", ["a,b=c", "a}b", "a b", "a\nb", "${a}", "a'b"])
def test_an_identity_that_is_not_opaque_cannot_split_the_line(field, value):
    with pytest.raises(EslError):
        verbs.dial_customer(replace(CALL, **{field: value}), SWITCH)


def test_short_commands_to_the_byte():
    assert verbs.bridge(BridgeLegs("n1", LEG, OTHER)).render() == f"uuid_bridge {LEG} {OTHER}"
    assert verbs.hang_up(HangUpLeg("n1", LEG)).render() == f"uuid_kill {LEG} NORMAL_CLEARING"
    assert verbs.hang_up(HangUpLeg("n1", LEG, "NO_ANSWER")).render() == f"uuid_kill {LEG} NO_ANSWER"
    assert verbs.play(PlayNotice("n1", LEG, "safe_harbour_fr"), SWITCH).render() == (
        f"uuid_broadcast {LEG} /n/safe_harbour_fr.wav aleg"
    )


@pytest.mark.parametrize("notice", ["a b", "x both", "a\nb", "${x}"])
def test_a_notice_with_a_hostile_name_is_refused(notice):
    with pytest.raises(EslError):
        verbs.play(PlayNotice("n1", LEG, notice), SWITCH).render()


# --- control of a call in progress ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (verbs.park(ParkLeg("n1", LEG)), f"uuid_park {LEG}"),
        (verbs.sound(PlaySound("n1", LEG, "hi"), SWITCH), f"uuid_broadcast {LEG} /n/hi.wav aleg"),
        (
            verbs.sound(PlaySound("n1", LEG, "music", is_endless=True), SWITCH),
            f"uuid_broadcast {LEG} endless_playback::/n/music.wav aleg",
        ),
        (verbs.sound(PlaySound("n1", LEG, ""), SWITCH), f"uuid_break {LEG} all"),
        (verbs.mute(MuteLeg("n1", LEG, True)), f"uuid_audio {LEG} start read mute 1"),
        (verbs.mute(MuteLeg("n1", LEG, False)), f"uuid_audio {LEG} stop"),
        (verbs.digits(SendDigits("n1", LEG, "12#")), f"uuid_send_dtmf {LEG} 12#@100"),
        (
            verbs.record(RecordLeg("n1", LEG, "t-1", "start"), SWITCH),
            f"uuid_record {LEG} start /r/t-1.wav 14400 {{RECORD_STEREO=true}}",
        ),
        (
            verbs.record(RecordLeg("n1", LEG, "t-1", "mask"), SWITCH),
            f"uuid_record {LEG} mask /r/t-1.wav",
        ),
    ],
)  # fmt: skip
def test_a_control_to_the_byte(line, expected):
    assert line.render() == expected


@pytest.mark.parametrize("attempt_id", ["", "../x", "a b", "a/b", "a.wav", "$x"])
def test_a_recording_is_named_by_an_identity_only(attempt_id):
    with pytest.raises(BadInput, match="recording"):
        verbs.record(RecordLeg("n1", LEG, attempt_id, "start"), SWITCH)


@pytest.mark.parametrize("digits", ["", "x", "1 2", "1\n2"])
def test_keys_that_are_none_are_refused(digits):
    with pytest.raises(EslError):
        verbs.digits(SendDigits("n1", LEG, digits)).render()
