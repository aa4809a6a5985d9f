"""Closing attempts: row, lead, abandon ledger and fallback message in the caller's transaction.

The first statement closes the rows that are still open and says which; all that follows is for
those only, so a repeated close changes nothing. The lead moves only while it is DIALING: what an
agent or a do-not-call entry decided during the call stands.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.commands import CloseAttempt
from dialer.model.errors import BadInput
from dialer.model.ids import AttemptId
from dialer.model.lead import LEAD_MACHINE, LeadState, LeadTrigger
from dialer.model.message import MessageState
from dialer.model.outcome import TRAITS
from dialer.policy.places import first_zone
from dialer.policy.turns import TURNS, Turn
from dialer.store import holds, number_history, turns
from dialer.store.message_text import render
from dialer.store.screening import screening_columns
from dialer.store.tables import MessageRow

_BATCH = """
    jsonb_to_recordset(CAST(:batch AS jsonb)) AS w(
        attempt_id text, campaign_id bigint, lead_id bigint, outcome text, cause text,
        sip_status int, ended_at float8, retry_at float8, answered_at float8,
        bridged_at float8, agent_id bigint, is_live_answer bool, is_abandoned bool,
        sends_message bool, n_tries int, lead_state text, entrusted_at float8,
        amd_verdict text, amd_cause text, amd_p_machine float8, amd_onset_s float8,
        amd_greeting_end_s float8, amd_decided_s float8, amd_greeted_s float8,
        amd_is_checked bool, amd_looks_machine bool)
"""

_CLOSE = text(f"""
    UPDATE attempts a SET
        outcome = w.outcome, cause = w.cause, sip_status = w.sip_status,
        ended_at = to_timestamp(w.ended_at),
        answered_at = COALESCE(to_timestamp(w.answered_at), a.answered_at),
        bridged_at = COALESCE(to_timestamp(w.bridged_at), a.bridged_at),
        agent_id = COALESCE(w.agent_id, a.agent_id),
        entrusted_at = to_timestamp(w.entrusted_at),
        amd_verdict = w.amd_verdict, amd_cause = w.amd_cause, amd_p_machine = w.amd_p_machine,
        amd_onset_s = w.amd_onset_s, amd_greeting_end_s = w.amd_greeting_end_s,
        amd_decided_s = w.amd_decided_s, amd_greeted_s = w.amd_greeted_s,
        amd_is_checked = w.amd_is_checked, amd_looks_machine = w.amd_looks_machine
    FROM {_BATCH}
    WHERE a.id = w.attempt_id AND a.ended_at IS NULL
    RETURNING a.id
""")

_MOVE_LEADS = text(f"""
    UPDATE leads l SET
        n_tries = l.n_tries + w.n_tries, last_outcome = w.outcome,
        state = CASE WHEN l.state = 'DIALING' THEN w.lead_state ELSE l.state END,
        due_at = CASE WHEN l.state = 'DIALING' THEN COALESCE(to_timestamp(w.retry_at), l.due_at)
                 ELSE l.due_at END
    FROM {_BATCH} WHERE l.id = w.lead_id
""")

_ENTER_LEDGER = text(f"""
    INSERT INTO abandon_ledger (attempt_id, campaign_id, at, kind)
    SELECT a.id, a.campaign_id, COALESCE(a.answered_at, a.ended_at),
        CASE WHEN w.is_abandoned THEN 'ABANDONED' WHEN d.is_machine THEN 'MACHINE'
        ELSE 'SERVED' END
    FROM {_BATCH} JOIN attempts a ON a.id = w.attempt_id
    LEFT JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
    WHERE w.is_live_answer
    ON CONFLICT (attempt_id) DO NOTHING
""")

_ADDRESSEES = text(f"""
    SELECT w.attempt_id, w.lead_id, w.campaign_id, w.ended_at, a.number, l.name, l.time_zone,
           c.name AS campaign, c.message_template AS template
    FROM {_BATCH} JOIN attempts a ON a.id = w.attempt_id
    JOIN leads l ON l.id = w.lead_id JOIN campaigns c ON c.id = l.campaign_id
    WHERE w.sends_message AND c.message_template <> ''
      AND NOT EXISTS (SELECT FROM do_not_call d WHERE d.number = a.number
                      AND (d.campaign_id IS NULL OR d.campaign_id = l.campaign_id))
""")


def close(session: Session, closes: Sequence[CloseAttempt]) -> set[AttemptId]:
    """Close attempts with all that follows; identities of those that were open until now."""
    first = {command.attempt_id: command for command in reversed(closes)}
    batch = [_closing(command) for command in first.values()]
    closed = {AttemptId(row.id) for row in session.execute(_CLOSE, {"batch": _json(batch)})}
    parameters = {"batch": _json([row for row in batch if row["attempt_id"] in closed])}
    session.execute(_MOVE_LEADS, parameters)
    _pass_turns(session, [first[attempt_id] for attempt_id in closed])
    _count(session, [row for row in batch if row["attempt_id"] in closed])
    session.execute(_ENTER_LEDGER, parameters)
    _queue_messages(session, parameters)
    return closed


def _pass_turns(session: Session, closed: Sequence[CloseAttempt]) -> None:
    calls = {command.attempt_id: TURNS[command.outcome] for command in closed}
    turns.pass_on(session, calls, max((command.ended_at for command in closed), default=0.0))


def _count(session: Session, batch: Sequence[Mapping[str, Any]]) -> None:
    """What the law counts of the numbers called; whom a call kept back is judged anew."""
    if not batch:
        return
    if untried := [row["attempt_id"] for row in batch if not row["n_tries"]]:
        number_history.not_tried(session, untried)
    if abandoned := [row["attempt_id"] for row in batch if row["is_abandoned"]]:
        number_history.abandoned(session, abandoned)
    ids = [row["attempt_id"] for row in batch]
    holds.free_numbers(session, number_history.numbers_of(session, ids))


def _closing(command: CloseAttempt) -> dict[str, Any]:
    traits = TRAITS[command.outcome]
    is_last_call = traits.is_final and TURNS[command.outcome] is not Turn.ENDS
    is_over = command.retry_at is None or is_last_call
    trigger = LeadTrigger.FINISH if is_over else LeadTrigger.RETRY
    row = {name: getattr(command, name) for name in CloseAttempt.__dataclass_fields__}
    return (
        row
        | screening_columns(row.pop("screening"))
        | {
            "retry_at": None if is_over else command.retry_at,
            "n_tries": int(traits.counts_as_try),
            "lead_state": LEAD_MACHINE.step(LeadState.DIALING, trigger),
        }
    )


def _queue_messages(session: Session, parameters: Mapping[str, str]) -> None:
    rows = [_message(row) for row in session.execute(_ADDRESSEES, parameters).mappings()]
    if rows:
        session.execute(insert(MessageRow).values(rows).on_conflict_do_nothing())


def _message(row: Mapping[Any, Any]) -> dict[str, object]:
    ended_at = datetime.fromtimestamp(row["ended_at"], UTC)
    same = ("attempt_id", "lead_id", "campaign_id", "number")
    return {
        **{name: row[name] for name in same},
        **_text_or_fault(row),
        "day": ended_at.astimezone(_zone(row["time_zone"])).date(),
        "created_at": ended_at,
        "send_at": ended_at,
    }


def _text_or_fault(row: Mapping[Any, Any]) -> dict[str, object]:
    try:
        body = render(
            row["template"], name=row["name"], campaign=row["campaign"], number=row["number"]
        )
    except BadInput as error:
        return {"text": "", "state": MessageState.FAILED, "error": str(error)}
    return {"text": body, "state": MessageState.QUEUED, "error": ""}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(first_zone(name))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _json(batch: Sequence[object]) -> str:
    return orjson.dumps(batch).decode()
