"""The rules of policy/compliance.py in SQL, for many leads at once.

`verdict(leads)` is a query over leads (alias `l`) that adds the facts of each one's number, the
`reason` why it is not called now (null: it may be) and `until` when that ends. It asks in the same
order as the policy, and tests/store/test_store_verdict.py holds the two together on random leads.
Hours are judged in Python, once for each time zone, and handed in.
"""

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any

from dialer.model.campaign import Campaign, CampaignState
from dialer.model.permit import RefusalReason
from dialer.policy.compliance import (
    ATTEMPTS_PER_TRY,
    NUMBER,
    PROMISE_HOLDS_S,
    PROTECTED_S,
    caps_of,
    heeds_withdrawal,
    hours_refusal,
    is_silent,
    needs_consent,
)
from dialer.policy.destinations import FORBIDDEN
from dialer.policy.rule_sets import rules_of
from dialer.store import consents
from dialer.store.instants import instant

_R = RefusalReason
END = r"\Z"
"""Python's word for the end of a text; PostgreSQL's is a dollar sign."""

DIALLED = "COALESCE(l.next_number, l.number)"
"""The number whose turn it is. What is known of the lead's first number is known of its person."""
_BOTH = f"(l.number, {DIALLED})"


def _exists(rows: str) -> str:
    """Whether there are rows of either number. Each is asked by an equality of its own, so that
    for a million leads PostgreSQL reads the rows once in place of looking a million times."""
    first, other = (f"EXISTS (SELECT FROM {rows.format(it)})" for it in _EITHER)
    return f"({first} OR CASE WHEN l.next_number IS NOT NULL THEN {other} ELSE false END)"


_EITHER = ("l.number", "l.next_number")

_TRIES = """
    CASE WHEN o.number IS NULL THEN h.tries_at
    ELSE ARRAY(SELECT DISTINCT t FROM unnest(h.tries_at || o.tries_at) t ORDER BY t) END
"""
_LAST_TRY = "tries.tries_at[cardinality(tries.tries_at)]"

_CAPPED_UNTIL = """
    CASE WHEN tries.tries_at IS NOT NULL THEN (
        SELECT max(full_at.t + cap.within_s * interval '1 second')
        FROM unnest(CAST(:cap_most AS int[]), CAST(:cap_within AS float8[])) AS cap(most, within_s)
        CROSS JOIN LATERAL (
            SELECT t FROM unnest(tries.tries_at) t ORDER BY t DESC OFFSET cap.most - 1 LIMIT 1
        ) full_at
        WHERE full_at.t + cap.within_s * interval '1 second' > :now
    ) END
"""

_PROMISES = " UNION ALL ".join(
    f"SELECT id, due_at FROM leads WHERE {number} IN {_BOTH} AND state = 'CALLBACK'"
    for number in ("number", "next_number")
)
_PROMISED_AT = f"""
    CASE WHEN {_exists("leads WHERE number = {} AND state = 'CALLBACK'")}
        OR {_exists("leads WHERE next_number = {} AND state = 'CALLBACK'")}
    THEN (
        SELECT min(p.due_at) FROM ({_PROMISES}) p
        WHERE p.id <> l.id
          AND (l.state <> 'CALLBACK' OR (p.due_at, p.id) < (l.due_at, l.id))
          AND p.due_at > :now - :promise_holds * interval '1 second'
    ) END
"""
"""Of several callbacks of one number the first is made."""

_HAS_CONSENT = consents.holds_for(DIALLED, "l.campaign_id", ":now")
_WITHDREW = consents.withdrew(DIALLED, "l.campaign_id")

_LIVE = "attempts a WHERE a.number = {} AND a.ended_at IS NULL"
_LIVE_PERSON = """
    identities i JOIN attempts a ON a.contact_id = i.contact_id
    WHERE i.kind = 'PHONE' AND i.value = {} AND a.ended_at IS NULL
"""

_FACTS = f"""
    SELECT l.id, l.list_id, {DIALLED} AS number, l.next_number, l.state, l.time_zone,
        l.due_at, l.n_tries, l.n_attempts,
        l.callback_agent_id, l.held_for, l.held_until, l.priority, l.dialable_at,
        lists.is_active AND lists.state IN ('READY', 'IMPORTING') AS is_list_on,
        (l.state = 'DIALING' OR {_exists(_LIVE)} OR {_exists(_LIVE_PERSON)}) AS is_being_called,
        (everywhere.id IS NOT NULL OR here.id IS NOT NULL) AS is_do_not_call,
        CASE WHEN :needs_consent THEN {_HAS_CONSENT} ELSE true END AS has_consent,
        CASE WHEN :heeds_withdrawal THEN {_WITHDREW} AND NOT {_HAS_CONSENT} ELSE false END
            AS is_withdrawn,
        CASE WHEN l.callback_agent_id IS NULL THEN true ELSE EXISTS (
            SELECT FROM agent_sessions s
            WHERE s.agent_id = l.callback_agent_id AND s.ended_at IS NULL) END AS is_owner_here,
        tries.tries_at, {_LAST_TRY} AS last_try_at,
        GREATEST(h.refused_at, o.refused_at) AS refused_at,
        GREATEST(h.abandoned_at, o.abandoned_at) AS abandoned_at,
        COALESCE(NULLIF(o.caller_id, ''), h.caller_id) AS caller_id,
        {_CAPPED_UNTIL} AS capped_until, {_PROMISED_AT} AS promised_at,
        z.reason AS hours_reason, z.until AS opens_at{{also}}
    FROM {{leads}}
    JOIN lists ON lists.id = l.list_id
    LEFT JOIN number_history h ON h.number = l.number
    LEFT JOIN number_history o ON o.number = l.next_number
    CROSS JOIN LATERAL (SELECT {_TRIES} AS tries_at) tries
    LEFT JOIN do_not_call everywhere
        ON everywhere.number = {DIALLED} AND everywhere.campaign_id IS NULL
    LEFT JOIN do_not_call here ON here.number = {DIALLED} AND here.campaign_id = l.campaign_id
    LEFT JOIN unnest(CAST(:zones AS text[]), CAST(:zone_reasons AS text[]),
                     CAST(:zone_until AS timestamptz[])) AS z(zone, reason, until)
        ON z.zone = l.time_zone
    OFFSET 0
"""
"""OFFSET 0: each fact is looked up once, not again for each reason that uses it, and each lead
judged once, not again for each end that its reason may have."""


def _after(column: str, parameter: str) -> str:
    return f"f.{column} + :{parameter} * interval '1 second'"


_AWAITED = _after("due_at", "callback_wait")
_PROMISED = _after("promised_at", "promise_holds")
_SILENT = _after("refused_at", "silence")
_GAP = _after("last_try_at", "min_gap")
_PROTECTED = _after("abandoned_at", "protected")


def _begins(column: str, prefixes: Collection[str]) -> str:
    """Whether it begins with one of them; by their lengths: a third of the time of trying each."""
    groups = groupby(sorted(prefixes, key=len), key=len)
    lists = {n: ", ".join(f"'{prefix}'" for prefix in some) for n, some in groups}
    return " OR ".join(f"left({column}, {n}) IN ({some})" for n, some in lists.items())


CONDITIONS: tuple[tuple[RefusalReason, str, str], ...] = (
    (_R.CAMPAIGN_NOT_RUNNING, "NOT :is_running", "NULL"),
    (_R.FORGOTTEN, "f.state = 'BLOCKED'", "NULL"),
    (_R.FINISHED, "f.state = 'DONE'", "NULL"),
    (_R.LIST_OFF, "NOT f.is_list_on", "NULL"),
    (_R.IN_HOPPER, "f.state = 'CLAIMED'", "NULL"),
    (_R.BEING_CALLED, "f.is_being_called", "NULL"),
    (_R.BAD_NUMBER, "f.number !~ :number_pattern", "NULL"),
    (_R.FORBIDDEN_DESTINATION,
     f"({_begins('f.number', FORBIDDEN)})"
     " AND NOT f.number ^@ ANY(CAST(:opened AS text[]))", "NULL"),
    (_R.DO_NOT_CALL, "f.is_do_not_call", "NULL"),
    (_R.CONSENT_WITHDRAWN, "f.is_withdrawn", "NULL"),
    (_R.NO_CONSENT, ":is_silent OR NOT f.has_consent", "NULL"),
    (_R.TOO_MANY_ATTEMPTS,
     "f.n_tries >= :max_attempts OR f.n_attempts >= :max_attempts * :attempts_per_try", "NULL"),
    (_R.RETRY_LATER, "f.due_at > :now AND f.state <> 'CALLBACK'", "f.due_at"),
    (_R.CALLBACK_LATER, "f.due_at > :now", "f.due_at"),
    (_R.AWAITS_OWNER, f"NOT f.is_owner_here AND {_AWAITED} > :now", _AWAITED),
    (_R.PROMISED_ELSEWHERE, "f.promised_at IS NOT NULL", _PROMISED),
    (_R.LATELY_REFUSED, f"{_SILENT} > :now", _SILENT),
    (_R.CAPPED, "f.capped_until > :now", "f.capped_until"),
    (_R.TOO_SOON, f"{_GAP} > :now", _GAP),
    (_R.NEEDS_AGENT, f"NOT :has_own_agent AND {_PROTECTED} > :now", _PROTECTED),
    (_R.BAD_TIME_ZONE, "f.hours_reason = 'BAD_TIME_ZONE'", "NULL"),
    (_R.OUTSIDE_WINDOW, "f.hours_reason = 'OUTSIDE_WINDOW'", "f.opens_at"),
)  # fmt: skip
"""Each reason, when it holds, and when it ends."""


def verdict(
    leads: str, asked: Collection[RefusalReason] = frozenset(RefusalReason), also: str = ""
) -> str:
    """A query that judges the rows of `leads`, a part of FROM that names a table of leads `l`.

    Only the reasons `asked` are looked at. `also`: a column of `l` to be passed through.
    """
    rows = [row for row in CONDITIONS if row[0] in asked]
    reasons = " ".join(f"WHEN {holds} THEN '{reason}'" for reason, holds, _ in rows)
    ends = " ".join(f"WHEN '{reason}' THEN {until}" for reason, _, until in rows)
    facts = _FACTS.format(leads=leads, also=f", l.{also}" if also else "")
    judged = f"SELECT f.*, CASE {reasons} END AS reason FROM ({facts}) f OFFSET 0"
    return f"SELECT f.*, CASE f.reason {ends} END AS until FROM ({judged}) f"


def parameters(
    campaign: Campaign, zones: Iterable[str], utc: float, *, has_own_agent: bool
) -> dict[str, Any]:
    """What `verdict` asks for: the campaign's rules as plain values, and the hours by zone."""
    caps = caps_of(campaign)
    hours = {zone: hours_refusal(campaign, zone, utc) for zone in zones}
    closed = {zone: refusal for zone, refusal in hours.items() if refusal is not None}
    return {
        "now": instant(utc),
        "is_running": campaign.state is CampaignState.RUNNING,
        "number_pattern": f"^{NUMBER.pattern.removesuffix(END)}$",
        "opened": list(campaign.opened_destinations),
        "needs_consent": needs_consent(campaign, utc),
        "heeds_withdrawal": heeds_withdrawal(campaign, utc),
        "is_silent": is_silent(campaign),
        "max_attempts": campaign.max_attempts,
        "attempts_per_try": ATTEMPTS_PER_TRY,
        "callback_wait": campaign.callback_wait_s,
        "promise_holds": PROMISE_HOLDS_S,
        "silence": rules_of(campaign.rule_set).silence_after_refusal_s,
        "cap_most": [cap.most for cap in caps],
        "cap_within": [cap.within_s for cap in caps],
        "min_gap": campaign.min_gap_s,
        "has_own_agent": has_own_agent,
        "protected": PROTECTED_S,
        "zones": list(closed),
        "zone_reasons": [refusal.reason for refusal in closed.values()],
        "zone_until": [instant(refusal.until) for refusal in closed.values()],
    }
