"""`show ... as json`: the tables of FreeSWITCH's core database, as rows of text."""

from collections.abc import Iterable

import orjson

from dialer.model.moment import Moment
from dialer.sim.legs import NO_CALLER, CallState, Leg
from dialer.sim.portrait import HOST, leg_values

_B_COLUMNS = (
    "uuid", "direction", "created", "created_epoch", "name", "state", "cid_name", "cid_num",
    "ip_addr", "dest", "presence_id", "presence_data", "accountcode", "callstate", "callee_name",
    "callee_num", "callee_direction", "sent_callee_name", "sent_callee_num",
)  # fmt: skip
_CALL_COLUMNS = (*_B_COLUMNS[:-2], "call_uuid", "hostname", *_B_COLUMNS[-2:])


def show(what: str, legs: Iterable[Leg], now: Moment) -> str | None:
    """One table as JSON text; None for a table that is not simulated. No rows: no `rows` key."""
    legs = list(legs)
    if what == "channels":
        rows = [_channel(leg, now) for leg in legs]
    elif what in ("calls", "bridged_calls"):
        rows = [_call(leg, now) for leg in legs if _heads_a_call(leg, what)]
    else:
        return None
    if not rows:
        return '{"row_count": 0}\n'
    return orjson.dumps({"row_count": len(rows), "rows": rows}).decode()


def count(what: str, legs: Iterable[Leg]) -> int:
    """Rows of `show channels|calls count`."""
    return sum(1 for leg in legs if what == "channels" or _heads_a_call(leg, what))


def _heads_a_call(leg: Leg, what: str) -> bool:
    if leg.partner is not None:
        return leg.is_first
    return what == "calls" and leg.call_state is not CallState.DOWN


def _channel(leg: Leg, now: Moment) -> dict[str, str]:
    values = leg_values(leg, now)
    is_up = leg.answered_at is not None
    codec, rate, bits = ("PCMU", "8000", "64000") if is_up else ("", "", "")
    row = _plain(leg, values)
    return {
        **{key: row[key] for key in _B_COLUMNS[:10]},
        "application": leg.app, "application_data": leg.app_data,
        "dialplan": "", "context": "default",
        "read_codec": codec, "read_rate": rate, "read_bit_rate": bits,
        "write_codec": codec, "write_rate": rate, "write_bit_rate": bits,
        "secure": "", "hostname": HOST,
        **{key: row[key] for key in _B_COLUMNS[10:17]},
        "call_uuid": values["call_uuid"],
        "sent_callee_name": row["sent_callee_name"], "sent_callee_num": row["sent_callee_num"],
        "initial_cid_name": "", "initial_cid_num": values["cid"], "initial_ip_addr": "",
        "initial_dest": values["dest"], "initial_dialplan": "", "initial_context": "default",
    }  # fmt: skip


def _call(leg: Leg, now: Moment) -> dict[str, str]:
    values = leg_values(leg, now)
    row = _plain(leg, values) | {"call_uuid": values["call_uuid"], "hostname": HOST}
    made = {key: row[key] for key in _CALL_COLUMNS}
    other = leg.partner
    b_row = _plain(other, leg_values(other, now)) if other is not None else {}
    made.update({f"b_{key}": b_row.get(key, "") for key in _B_COLUMNS})
    made["call_created_epoch"] = values["bridged_s"] if other is not None else ""
    return made


def _plain(leg: Leg, values: dict[str, str]) -> dict[str, str]:
    """The columns that every table has."""
    partner = leg.partner
    sent = "" if partner is None else (NO_CALLER if leg.is_first else partner.order.destination)
    return {
        "uuid": leg.leg_id, "direction": "outbound", "created": values["created_stamp"],
        "created_epoch": values["created_s"], "name": values["name"], "state": values["state"],
        "cid_name": values["cid_name"], "cid_num": values["cid_number"], "ip_addr": "",
        "dest": values["dest"], "presence_id": "", "presence_data": "", "accountcode": "",
        "callstate": leg.call_state.value, "callee_name": values["callee_name"],
        "callee_num": values["callee_number"],
        "callee_direction": "RECV" if partner is None else "SEND",
        "sent_callee_name": sent, "sent_callee_num": sent,
    }  # fmt: skip
