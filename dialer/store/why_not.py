"""Why nobody is called: of a whole campaign, counted by reason, and of one lead.

The reasons, and what asks them, are those of the claim (store/verdict.py), so what is shown here
as callable is what the next claim takes. Each lead is judged, some microseconds for one: few leads
are counted while a page waits for them, many in pages, by a worker (jobs/why_not.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.campaign import OF_AGENTS, Campaign, PacingMode
from dialer.model.permit import Refusal, RefusalReason
from dialer.store.campaigns import get_campaign
from dialer.store.claims import places_of
from dialer.store.instants import seconds_of
from dialer.store.session import SessionFactory, transaction
from dialer.store.tables import LeadRow
from dialer.store.verdict import parameters, verdict

_ONE_AGENT_EACH = OF_AGENTS | {PacingMode.PROGRESSIVE}
"""Modes in which an agent is kept free for every call."""

_JUDGED = f"""
    SELECT v.id,
        COALESCE(v.reason, CASE WHEN v.held_until > :now THEN v.held_for END) AS reason,
        CASE WHEN v.reason IS NULL AND v.held_until > :now THEN v.held_until ELSE v.until END
            AS until
    FROM ({verdict("{leads}")}) v
"""
"""A lead that nothing speaks against any more may still be held, until the claim looks again."""

_COUNTED = """
    SELECT j.reason, count(*) AS n_leads, min(j.until) AS first_at, max(j.until) AS last_at
    FROM ({judged}) j GROUP BY j.reason
"""
_MINE = "list_id = ANY(ARRAY(SELECT id FROM lists WHERE campaign_id = :campaign_id))"
_OF_CAMPAIGN = text(
    _COUNTED.format(judged=_JUDGED.format(leads=f"(SELECT * FROM leads WHERE {_MINE}) l"))
)
_PAGE = "list_id = :list_id AND number > :after AND number <= :upto"
_OF_PAGE = text(
    _COUNTED.format(judged=_JUDGED.format(leads=f"(SELECT * FROM leads WHERE {_PAGE}) l"))
)
_PAGE_END = text("""
    SELECT max(number) FROM (
        SELECT number FROM leads WHERE list_id = :list_id AND number > :after
        ORDER BY number LIMIT :n) page
""")
_FEW = text(f"SELECT count(*) FROM (SELECT FROM leads WHERE {_MINE} LIMIT :most + 1) first")
_LISTS = text("SELECT id FROM lists WHERE campaign_id = :campaign_id ORDER BY id")
PAGE = 50_000
_OF_LEAD = text(_JUDGED.format(leads="leads l") + " WHERE v.id = :lead_id")
NEVER = 250_000_000_000.0
"""In the year 9892: later than any end that is meant."""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Leads with one reason; None: they may be called. When it ends for the first and the last of
    them, in UTC seconds, or None: not by itself."""

    reason: RefusalReason | None
    n_leads: int
    first_at: float | None
    last_at: float | None


def has_more_than(session: Session, campaign_id: int, most: int) -> bool:
    """Whether the campaign has more leads than `most`; looks at no more of them than that."""
    n_found = session.scalar(_FEW, {"campaign_id": campaign_id, "most": most})
    return bool(n_found and n_found > most)


def reasons_of_campaign(session: Session, campaign_id: int, now: float) -> tuple[ReasonCount, ...]:
    """Each reason that holds for some lead, in the order in which they are asked; the callable
    ones first. Reads all leads of the campaign."""
    asked = _asked_of_all(session, campaign_id, now) | {"campaign_id": campaign_id}
    return _together(_counts(session.execute(_OF_CAMPAIGN, asked).all()))


def reasons_by_pages(
    factory: SessionFactory, campaign_id: int, now: float
) -> tuple[ReasonCount, ...]:
    """The same of a large campaign, in many short transactions: one long one would keep what is
    claimed meanwhile from being cleared away."""
    with transaction(factory) as session:
        asked = _asked_of_all(session, campaign_id, now)
        lists = session.scalars(_LISTS, {"campaign_id": campaign_id}).all()
    pages = (page for list_id in lists for page in _pages(factory, list_id, asked))
    return _together(count for page in pages for count in page)


def _pages(
    factory: SessionFactory, list_id: int, asked: dict[str, object]
) -> Iterator[list[ReasonCount]]:
    after = ""
    while True:
        here = {"list_id": list_id, "after": after, "n": PAGE}
        with transaction(factory) as session:
            upto = session.scalar(_PAGE_END, here)
            if upto is None:
                return
            yield _counts(session.execute(_OF_PAGE, asked | here | {"upto": upto}).all())
        after = upto


def _counts(rows: Sequence[Any]) -> list[ReasonCount]:
    return [
        ReasonCount(
            None if row.reason is None else RefusalReason(row.reason),
            row.n_leads,
            _end(seconds_of(row.first_at)),
            _end(seconds_of(row.last_at)),
        )
        for row in rows
    ]


def _together(counts: Iterable[ReasonCount]) -> tuple[ReasonCount, ...]:
    """One count of each reason, in the order in which they are asked."""
    found: dict[RefusalReason | None, list[ReasonCount]] = defaultdict(list)
    for count in counts:
        found[count.reason].append(count)
    return tuple(_sum(found[reason]) for reason in (None, *RefusalReason) if reason in found)


def _sum(same: Sequence[ReasonCount]) -> ReasonCount:
    first = [count.first_at for count in same if count.first_at is not None]
    last = [count.last_at for count in same if count.last_at is not None]
    n_leads = sum(count.n_leads for count in same)
    return ReasonCount(same[0].reason, n_leads, min(first, default=None), max(last, default=None))


def reason_of_lead(session: Session, row: LeadRow, now: float) -> Refusal | None:
    """Why the lead is not called now, or None: it may be."""
    campaign = get_campaign(session, row.campaign_id)
    asked = _asked(campaign, [row.time_zone], now) | {"lead_id": row.id}
    found = session.execute(_OF_LEAD, asked).one()
    if found.reason is None:
        return None
    return Refusal(RefusalReason(found.reason), _end(seconds_of(found.until)))


def _asked_of_all(session: Session, campaign_id: int, now: float) -> dict[str, object]:
    zones = sorted({place.zone for place in places_of(session, campaign_id)})
    return _asked(get_campaign(session, campaign_id), zones, now)


def _asked(campaign: Campaign, zones: Iterable[str], now: float) -> dict[str, object]:
    return parameters(campaign, zones, now, has_own_agent=campaign.mode in _ONE_AGENT_EACH)


def _end(at: float | None) -> float | None:
    """A hold without an end is kept as a day that nobody will see."""
    return at if at is not None and at < NEVER else None
