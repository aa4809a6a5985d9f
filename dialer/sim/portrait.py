"""What a leg looks like in an event: its headers at this very moment, filled from templates.

Called only for events that somebody subscribed to. Knows nothing of connections.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from dialer.model.moment import Moment
from dialer.sim import happenings as ev
from dialer.sim import headers as parts
from dialer.sim.causes import Q850
from dialer.sim.legs import Disposition, Leg

HOST = "sim"
_BRIEF = frozenset({ev.OUTGOING, ev.STATE, ev.CALLSTATE, ev.DTMF, ev.CUSTOM})
"""Events without channel variables."""
_LEADING = frozenset({ev.BRIDGE, ev.UNBRIDGE, ev.CALLSTATE, ev.CUSTOM})
"""Events whose own headers stand before the channel's."""
_AFTER_REPORT = frozenset({ev.HANGUP_COMPLETE, ev.DESTROY})

Values = dict[str, str]


def event_head(name: str, core_uuid: str, at_utc: float, sequence: int) -> Values:
    """The headers that every event starts with. `at_utc`: seconds, told in steps of 20 ms."""
    file, function, line = parts.SOURCES.get(name, ("switch_event.c", "switch_event_fire", "1"))
    at_us = microseconds(at_utc)
    at = datetime.fromtimestamp(at_us / 1e6, UTC)
    return {
        "Event-Name": name,
        "Core-UUID": core_uuid,
        "FreeSWITCH-Hostname": HOST,
        "FreeSWITCH-Switchname": HOST,
        "FreeSWITCH-IPv4": "127.0.0.1",
        "FreeSWITCH-IPv6": "::1",
        "Event-Date-Local": f"{at:%Y-%m-%d %H:%M:%S}",
        "Event-Date-GMT": f"{at:%a, %d %b %Y %H:%M:%S} GMT",
        "Event-Date-Timestamp": str(at_us),
        "Event-Calling-File": file,
        "Event-Calling-Function": function,
        "Event-Calling-Line-Number": line,
        "Event-Sequence": str(sequence),
    }


def microseconds(utc: float) -> int:
    """FreeSWITCH's clock: microseconds in steps of its 20 ms tick."""
    return round(utc * 50.0) * 20_000


def leg_event(
    name: str, head: Values, leg: Leg, own: Mapping[str, str], now: Moment
) -> dict[str, str]:
    """All headers of one event about a leg, in FreeSWITCH's order."""
    values = leg_values(leg, now)
    made = head
    if name in _LEADING:
        made.update(own)
        if name == ev.CALLSTATE:
            made["Channel-Call-State-Number"] = parts.CALL_STATE_NUMBERS[leg.call_state]
    if leg.ended_at is not None:
        made["Hangup-Cause"] = leg.cause
    _fill(made, parts.CHANNEL, values)
    if leg.answered_at is not None:
        made.update(parts.CODECS)
    _party(made, "Caller-", values)
    if leg.last_partner is not None:
        made["Other-Type"] = "originatee" if leg.is_first else "originator"
        _other_party(made, leg.last_partner, now)
    if name not in _BRIEF:
        _variables(made, name, leg, values, now)
    if name not in _LEADING:
        made.update(own)
    return made


def leg_values(leg: Leg, now: Moment) -> Values:
    """The placeholders of one leg."""
    order, other = leg.order, leg.last_partner
    is_flipped = leg.has_run and not order.arrives_from
    direction = "inbound" if order.arrives_from else "outbound"
    cid = order.caller_id
    uri = order.channel_name.rpartition("/")[2]
    values = {
        "uuid": order.leg_id, "name": order.channel_name, "dest": order.destination, "cid": cid,
        "uri": uri, "address_dialled": uri.partition("@")[2] or "127.0.0.1",
        "host": uri.partition("@")[2].partition(":")[0] or "127.0.0.1",
        "profile": [*order.channel_name.split("/"), ""][1],
        "session": str(leg.number), "port": str(16384 + 2 * (leg.number % 8192)),
        "tag": order.leg_id[:13], "state": leg.state.value,
        "state_number": parts.STATE_NUMBERS[leg.state], "call_state": leg.call_state.value,
        "answer_state": leg.answer_state, "hit": "true" if leg.has_run else "false",
        "call_uuid": _call_uuid(leg), "early": "false" if order.ignores_early_media else "true",
        "cause": leg.cause, "app": leg.latest_app,
        "q850": str(Q850.get(leg.cause, 31)),
        "sip_status": "" if leg.sip_status is None else str(leg.sip_status),
        "endpoint_disposition": "ANSWER" if leg.answered_at is not None else "EARLY MEDIA",
        "logical": "inbound" if other is not None and leg.is_first else direction,
        "direction": direction,
        "profile_index": "1" if other is None else "2",
        "address": "" if leg.rang_at is leg.media_at is leg.answered_at is None else "127.0.0.1",
    }  # fmt: skip
    _name_parties(values, leg, is_flipped)
    _time_values(values, leg, now)
    return values


def _name_parties(values: Values, leg: Leg, is_flipped: bool) -> None:
    """Whose number stands as caller: FreeSWITCH turns the two once an outbound leg runs."""
    other = leg.last_partner
    dest, cid = values["dest"], values["cid"]
    values["other"] = other.leg_id if other is not None else ""
    values["bridge_to"] = leg.partner.leg_id if leg.partner is not None else ""
    values["other_name"] = other.order.channel_name if other is not None else ""
    caller = dest if is_flipped else cid
    if other is not None and not leg.is_first:
        caller = other.order.destination
    values["cid_name"] = caller if is_flipped else ""
    values["cid_number"] = caller
    is_heard = values["address"] != ""
    values["callee_name"] = "" if is_flipped else (dest if is_heard else "Outbound Call")
    values["callee_number"] = cid if is_flipped else dest
    if other is not None:
        values["callee_number"] = other.order.caller_id if leg.is_first else cid


def _call_uuid(leg: Leg) -> str:
    """Both legs of a bridge carry the first one's."""
    partner = leg.partner
    return leg.leg_id if partner is None or leg.is_first else partner.leg_id


def _time_values(values: Values, leg: Leg, now: Moment) -> None:
    times = {
        "created": leg.created_at, "rang": leg.rang_at, "media": leg.media_at,
        "answered": leg.answered_at, "bridged": leg.bridged_at, "ended": leg.ended_at,
    }  # fmt: skip
    for key, mono in times.items():
        at_us = 0 if mono is None else microseconds(now.utc_at(mono))
        values[f"{key}_us"] = str(at_us)
        values[f"{key}_s"] = str(at_us // 1_000_000)
        values[f"{key}_stamp"] = (
            f"{datetime.fromtimestamp(at_us / 1e6, UTC):%F %T}" if at_us else ""
        )
    joined = values["bridged_us"]
    values["profile_us"] = values["created_us"] if joined == "0" else joined


def _report(values: Values, leg: Leg) -> None:
    """Durations of HANGUP_COMPLETE, from the times as told."""
    start = int(values["created_us"])
    spans = {
        "total": int(values["ended_us"]) - start,
        "bill": int(values["ended_us"]) - int(values["answered_us"]) if leg.answered_at else 0,
        "ring": _since(start, values["rang_us"]),
        "answer": _since(start, values["answered_us"]),
        "wait": _since(start, values["bridged_us"]),
        "media": _since(start, values["media_us"]),
    }
    for key, microsecs in spans.items():
        values[f"{key}_usec"] = str(microsecs)
        values[f"{key}_msec"] = str(microsecs // 1000)
        values[f"{key}_sec"] = str(round(microsecs / 1e6))


def _since(start: int, at: str) -> int:
    return int(at) - start if at != "0" else 0


def _fill(
    made: Values, template: parts.Template, values: Values, *, prefix: str = "", skip: str = "\0"
) -> None:
    for name, text in template:
        value = text.format_map(values) if "{" in text else text
        if value != skip:
            made[prefix + name] = value


def _party(made: Values, prefix: str, values: Values) -> None:
    """The caller block of a leg, or of the other leg; empty names are left out."""
    _fill(made, parts.PARTY, values, prefix=prefix, skip="")


def _other_party(made: Values, other: Leg, now: Moment) -> None:
    """The other leg as it was when the bridge was made: a copy, so the exchange does not show."""
    values = leg_values(other, now)
    dest = values["dest"]
    values |= {"logical": "inbound", "cid_name": dest, "cid_number": dest, "profile_index": ""}
    values |= {"callee_number": values["cid"], "callee_name": ""}
    _party(made, "Other-Leg-", values)


def _variables(made: Values, name: str, leg: Leg, values: Values, now: Moment) -> None:
    for template in _early_parts(leg):
        _fill(made, template, values)
        if template is parts.CREATED:
            made.update((f"variable_{key}", text) for key, text in leg.order.variables.items())
    if leg.last_partner is not None:
        _fill(made, parts.JOINED, values, skip="")
    if leg.ended_at is not None:
        if leg.sip_status is not None:
            _fill(made, parts.ENDED_BY_FAR_END, values)
        if _tells_disposition(name, leg.disposition):
            made["variable_sip_hangup_disposition"] = str(leg.disposition)
    if name in _AFTER_REPORT:
        _report(values, leg)
        _fill(made, parts.REPORT, values, skip="")


def _tells_disposition(name: str, disposition: Disposition | None) -> bool:
    """A refusal is known at once, a BYE received soon after, one sent only in the report."""
    if disposition in (None, Disposition.SEND_BYE, Disposition.SEND_CANCEL):
        return disposition is not None and name in _AFTER_REPORT
    return disposition is Disposition.RECV_REFUSE or name != ev.HANGUP


def _early_parts(leg: Leg) -> Iterable[parts.Template]:
    """Templates by how far the leg came."""
    yield parts.CREATED
    yield parts.ROUTED
    if leg.rang_at is not None or leg.media_at is not None or leg.answered_at is not None:
        yield parts.HEARD
    if leg.media_at is not None or leg.answered_at is not None:
        yield parts.MEDIA
    if leg.has_run or leg.media_at is not None:
        yield parts.RUNNING
