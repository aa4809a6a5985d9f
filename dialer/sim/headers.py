"""Header templates of FreeSWITCH 1.10.12's channel events, taken from recordings.

Data only. A template line is `Name: value` with `{placeholders}` that `portrait` fills. Codec and
SDP lines that nobody reads are left out.
"""

Template = tuple[tuple[str, str], ...]


def _template(text: str) -> Template:
    pairs = (line.partition(": ") for line in text.strip().splitlines())
    return tuple((name, value) for name, _, value in pairs)


SOURCES: dict[str, tuple[str, str, str]] = {
    "CHANNEL_OUTGOING": (
        "switch_core_session.c", "switch_core_session_outgoing_channel", "768"),
    "CHANNEL_STATE": ("switch_channel.c", "switch_channel_perform_set_running_state", "2408"),
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", "626"),
    "CHANNEL_ORIGINATE": ("switch_core_state_machine.c", "switch_core_session_run", "632"),
    "CHANNEL_PROGRESS": (
        "switch_channel.c", "switch_channel_perform_mark_ring_ready_value", "3505"),
    "CHANNEL_PROGRESS_MEDIA": (
        "switch_channel.c", "switch_channel_perform_mark_pre_answered", "3560"),
    "CHANNEL_CALLSTATE": ("switch_channel.c", "switch_channel_perform_set_callstate", "301"),
    "CHANNEL_ANSWER": ("switch_channel.c", "switch_channel_perform_mark_answered", "3846"),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", "2944"),
    "CHANNEL_EXECUTE_COMPLETE": ("switch_core_session.c", "switch_core_session_exec", "2967"),
    "CHANNEL_PARK": ("switch_ivr.c", "switch_ivr_park", "1002"),
    "CHANNEL_UNPARK": ("switch_ivr.c", "switch_ivr_park", "1213"),
    "CHANNEL_BRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1689"),
    "CHANNEL_UNBRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1879"),
    "CHANNEL_HANGUP": ("switch_channel.c", "switch_channel_perform_hangup", "3445"),
    "CHANNEL_HANGUP_COMPLETE": (
        "switch_core_state_machine.c", "switch_core_session_reporting_state", "943"),
    "CHANNEL_DESTROY": ("switch_core_session.c", "switch_core_session_perform_destroy", "1584"),
    "CHANNEL_DATA": ("mod_commands.c", "uuid_dump_function", "6468"),
    "PLAYBACK_START": ("switch_ivr_play_say.c", "switch_ivr_play_file", "1646"),
    "PLAYBACK_STOP": ("switch_ivr_play_say.c", "switch_ivr_play_file", "2020"),
    "RECORD_START": ("switch_ivr_async.c", "record_callback", "1481"),
    "RECORD_STOP": ("switch_ivr_async.c", "send_record_stop_event", "1240"),
    "DTMF": ("switch_channel.c", "switch_channel_dequeue_dtmf", "677"),
    "CUSTOM": ("conference_member.c", "conference_member_add", "962"),
    "HEARTBEAT": ("switch_core.c", "send_heartbeat", "95"),
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", "1572"),
}  # fmt: skip
"""Event-Calling-File, -Function and -Line-Number of each event."""

STATE_NUMBERS: dict[str, str] = {
    "CS_NONE": "1", "CS_INIT": "2", "CS_ROUTING": "2", "CS_SOFT_EXECUTE": "3", "CS_EXECUTE": "4",
    "CS_EXCHANGE_MEDIA": "5", "CS_PARK": "6", "CS_CONSUME_MEDIA": "7", "CS_HIBERNATE": "8",
    "CS_RESET": "9", "CS_HANGUP": "10", "CS_REPORTING": "11", "CS_DESTROY": "12",
}  # fmt: skip
CALL_STATE_NUMBERS: dict[str, str] = {
    "DOWN": "0", "RINGING": "2", "EARLY": "3", "ACTIVE": "4", "HELD": "5", "HANGUP": "7",
    "UNHELD": "8",
}  # fmt: skip

CHANNEL = _template("""
Channel-State: {state}
Channel-Call-State: {call_state}
Channel-State-Number: {state_number}
Channel-Name: {name}
Unique-ID: {uuid}
Call-Direction: {direction}
Presence-Call-Direction: {direction}
Channel-HIT-Dialplan: {hit}
Channel-Call-UUID: {call_uuid}
Answer-State: {answer_state}
""")

CODECS = _template("""
Channel-Read-Codec-Name: PCMU
Channel-Read-Codec-Rate: 8000
Channel-Read-Codec-Bit-Rate: 64000
Channel-Write-Codec-Name: PCMU
Channel-Write-Codec-Rate: 8000
Channel-Write-Codec-Bit-Rate: 64000
""")

PARTY = _template("""
Direction: {direction}
Logical-Direction: {logical}
Caller-ID-Name: {cid_name}
Caller-ID-Number: {cid_number}
Orig-Caller-ID-Number: {cid}
Callee-ID-Name: {callee_name}
Callee-ID-Number: {callee_number}
Network-Addr: {address}
ANI: {cid}
Destination-Number: {dest}
Unique-ID: {uuid}
Source: src/switch_ivr_originate.c
Context: default
Channel-Name: {name}
Profile-Index: {profile_index}
Profile-Created-Time: {profile_us}
Channel-Created-Time: {created_us}
Channel-Answered-Time: {answered_us}
Channel-Progress-Time: {rang_us}
Channel-Progress-Media-Time: {media_us}
Channel-Hangup-Time: {ended_us}
Channel-Transfer-Time: 0
Channel-Resurrect-Time: 0
Channel-Bridged-Time: {bridged_us}
Channel-Last-Hold: 0
Channel-Hold-Accum: 0
Screen-Bit: true
Privacy-Hide-Name: false
Privacy-Hide-Number: false
""")
"""For `Caller-` and `Other-Leg-`; a value that comes out empty is left out."""

CREATED = _template("""
variable_direction: {direction}
variable_is_outbound: true
variable_uuid: {uuid}
variable_call_uuid: {uuid}
variable_session_id: {session}
variable_sip_local_network_addr: 127.0.0.1
variable_sip_profile_name: {profile}
variable_video_media_flow: disabled
variable_text_media_flow: disabled
variable_channel_name: {name}
variable_sip_destination_url: sip:{uri}
""")
ROUTED = _template("""
variable_originate_early_media: {early}
variable_originate_endpoint: sofia
variable_rtp_use_codec_string: PCMU,PCMA
variable_local_media_ip: 127.0.0.1
variable_local_media_port: {port}
variable_advertised_media_ip: 127.0.0.1
variable_audio_media_flow: sendrecv
variable_sip_outgoing_contact_uri: <sip:mod_sofia@127.0.0.1:5060>
variable_sip_req_uri: {uri}
variable_sip_to_host: {address_dialled}
variable_sip_from_host: 127.0.0.1
variable_sofia_profile_name: {profile}
variable_recovery_profile_name: {profile}
variable_sofia_profile_url: sip:mod_sofia@127.0.0.1:5060
""")
HEARD = _template("""
variable_sip_reply_host: 127.0.0.1
variable_sip_reply_port: 5080
variable_sip_network_ip: 127.0.0.1
variable_sip_network_port: 5080
variable_sip_user_agent: carrier
variable_sip_allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY
variable_sip_recover_contact: <sip:{uri};transport=udp>
variable_sip_full_from: <sip:{cid}@127.0.0.1>;tag={tag}
variable_sip_full_to: <sip:{uri}>;tag={tag}
variable_sip_from_user: {cid}
variable_sip_from_uri: {cid}@127.0.0.1
variable_sip_to_user: {dest}
variable_sip_to_host: {host}
variable_sip_to_uri: {uri}
variable_sip_contact_user: {dest}
variable_sip_contact_uri: {uri}
variable_sip_contact_host: {host}
variable_sip_to_tag: {tag}
variable_sip_from_tag: {tag}
variable_sip_cseq: 123095586
variable_sip_call_id: {uuid}
""")  # noqa: E501
MEDIA = _template("""
variable_ep_codec_string: CORE_PCM_MODULE.PCMU@8000h@20i@64000b
variable_remote_audio_media_flow: sendrecv
variable_rtp_use_codec_name: PCMU
variable_rtp_use_codec_rate: 8000
variable_rtp_use_codec_ptime: 20
variable_read_codec: PCMU
variable_read_rate: 8000
variable_write_codec: PCMU
variable_write_rate: 8000
variable_dtmf_type: rfc2833
variable_rtp_use_timer_name: soft
variable_rtp_2833_send_payload: 101
variable_rtp_2833_recv_payload: 101
variable_remote_media_ip: 127.0.0.1
variable_remote_media_port: {port}
""")
RUNNING = _template("""
variable_endpoint_disposition: {endpoint_disposition}
variable_pre_transfer_caller_id_number: {cid}
variable_channel_cid_flipped: yes
variable_current_application: {app}
""")
JOINED = _template("""
variable_bridge_channel: {other_name}
variable_bridge_uuid: {other}
variable_signal_bond: {other}
variable_last_bridge_to: {other}
variable_original_destination_number: {dest}
variable_original_caller_id_number: {dest}
variable_bridge_to: {bridge_to}
""")
ENDED_BY_FAR_END = _template("""
variable_sip_term_status: {sip_status}
variable_proto_specific_hangup_cause: sip:{sip_status}
variable_sip_term_cause: {q850}
""")
REPORT = _template("""
variable_hangup_cause: {cause}
variable_hangup_cause_q850: {q850}
variable_digits_dialed: none
variable_start_stamp: {created_stamp}
variable_profile_start_stamp: {created_stamp}
variable_answer_stamp: {answered_stamp}
variable_bridge_stamp: {bridged_stamp}
variable_progress_stamp: {rang_stamp}
variable_progress_media_stamp: {media_stamp}
variable_end_stamp: {ended_stamp}
variable_start_epoch: {created_s}
variable_start_uepoch: {created_us}
variable_answer_epoch: {answered_s}
variable_answer_uepoch: {answered_us}
variable_bridge_epoch: {bridged_s}
variable_bridge_uepoch: {bridged_us}
variable_last_hold_epoch: 0
variable_hold_accum_seconds: 0
variable_progress_epoch: {rang_s}
variable_progress_uepoch: {rang_us}
variable_progress_media_epoch: {media_s}
variable_progress_media_uepoch: {media_us}
variable_end_epoch: {ended_s}
variable_end_uepoch: {ended_us}
variable_last_app: {app}
variable_caller_id: "{dest}" <{dest}>
variable_duration: {total_sec}
variable_billsec: {bill_sec}
variable_progresssec: {ring_sec}
variable_answersec: {answer_sec}
variable_waitsec: {wait_sec}
variable_progress_mediasec: {media_sec}
variable_flow_billsec: {total_sec}
variable_mduration: {total_msec}
variable_billmsec: {bill_msec}
variable_progressmsec: {ring_msec}
variable_answermsec: {answer_msec}
variable_waitmsec: {wait_msec}
variable_progress_mediamsec: {media_msec}
variable_flow_billmsec: {total_msec}
variable_uduration: {total_usec}
variable_billusec: {bill_usec}
""")
"""What HANGUP_COMPLETE adds; a stamp of something that never happened is left out."""
