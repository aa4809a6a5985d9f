"""Leads of an agent's own choice: found in the campaign, or made from a number that he typed.

A typed number that the campaign knows already is that lead: its attempts and its state count. One
that nobody knows goes to the campaign's manual list, which is switched off, so that nothing but an
agent's wish dials it. Whether it may be dialled now is asked later, of policy/compliance.
"""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.errors import BadInput
from dialer.model.ids import LeadId
from dialer.model.lead import LIST_PRIORITY
from dialer.policy.destinations import may_reach
from dialer.store import do_not_call
from dialer.store.numbers import normalised, zone_of
from dialer.store.tables import CampaignRow, LeadList, LeadRow

MANUAL_LIST = "Numéros composés"
DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
"""Kinds of numbers whose owner earns by each call: no agent may type one."""
REGIONS = {"FR": "FR", "UK": "GB", "BJ": "BJ", "US": "US"}
"""Country in whose way a number is read, by the campaign's rule set; others read as France does."""
FEWEST_CHARACTERS = 3
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class FoundLead:
    """One line of a search."""

    lead_id: LeadId
    name: str
    number: str
    state: str


def lead_for(session: Session, campaign_id: int, written: str) -> LeadId:
    """The campaign's lead of the number `written`, made when there is none. Raises BadInput."""
    campaign = _with_manual_calls(session, campaign_id)
    number = _number(campaign, written)
    if do_not_call.is_listed(session, number, campaign_id):
        raise BadInput("number: it is on a do-not-call list")
    mine = (LeadRow.number == number, LeadRow.campaign_id == campaign_id)
    newest = select(LeadRow.id).where(*mine).order_by(LeadRow.last_attempt_at.desc().nulls_last())
    known = session.scalar(newest.order_by(LeadRow.id).limit(1))
    return LeadId(known) if known is not None else _add(session, campaign, number)


def search(session: Session, campaign_id: int, wanted: str) -> tuple[FoundLead, ...]:
    """Leads of the campaign whose name holds `wanted`, or whose number does. Raises BadInput."""
    campaign = _with_manual_calls(session, campaign_id)
    wanted = wanted.replace("\0", "").strip()
    if len(wanted) < FEWEST_CHARACTERS:
        raise BadInput(f"text: at least {FEWEST_CHARACTERS} characters")
    rows = session.execute(
        select(LeadRow.id, LeadRow.name, LeadRow.number, LeadRow.state)
        .where(LeadRow.campaign_id == campaign_id, _holds(campaign, wanted))
        .order_by(LeadRow.name, LeadRow.id)
        .limit(MOST_FOUND)
    )
    return tuple(FoundLead(LeadId(row.id), row.name, row.number, row.state) for row in rows)


def _with_manual_calls(session: Session, campaign_id: int) -> CampaignRow:
    campaign = session.get(CampaignRow, campaign_id)
    if campaign is None or campaign.state != CampaignState.RUNNING:
        raise BadInput("campaign: it is not running")
    if campaign.mode != PacingMode.MANUAL and not campaign.has_manual_calls:
        raise BadInput("campaign: it has no manual calls")
    return campaign


def _number(campaign: CampaignRow, written: str) -> str:
    number = normalised(written.replace("\0", "").strip(), _region(campaign))
    if number is None:
        raise BadInput("number: no such number exists")
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    if kind in DEAR or not may_reach(number):
        raise BadInput("number: numbers of this kind are not called")
    return number


def _region(campaign: CampaignRow) -> str:
    return REGIONS.get(campaign.rule_set, "FR")


def _holds(campaign: CampaignRow, wanted: str) -> ColumnElement[bool]:
    """Blanks of a number count for nothing, and it may be written as in the campaign's country."""
    by_name = LeadRow.name.icontains(wanted, autoescape=True)
    digits = "".join(character for character in wanted if character.isdigit())
    if len(digits) < FEWEST_CHARACTERS or any(character.isalpha() for character in wanted):
        return by_name
    whole = normalised(wanted, _region(campaign))
    exact = LeadRow.number == whole if whole is not None else None
    part = LeadRow.number.contains(digits.lstrip("0"))
    return or_(by_name, part) if exact is None else or_(by_name, exact)


def _add(session: Session, campaign: CampaignRow, number: str) -> LeadId:
    """Two agents who type the same number at once get the same lead."""
    list_id = _manual_list(session, campaign)
    zone = zone_of(number, _region(campaign))
    row = insert(LeadRow).values(
        list_id=list_id, campaign_id=campaign.id, number=number, time_zone=zone,
        priority=LIST_PRIORITY,
    )  # fmt: skip
    same = {"number": row.excluded.number}
    key = ["list_id", "number"]
    added = row.on_conflict_do_update(index_elements=key, set_=same).returning(LeadRow.id)
    return LeadId(session.execute(added).scalar_one())


def _manual_list(session: Session, campaign: CampaignRow) -> int:
    row = insert(LeadList).values(
        campaign_id=campaign.id, name=MANUAL_LIST, state="READY", region=_region(campaign),
        is_manual=True, is_active=False,
    )  # fmt: skip
    added = row.on_conflict_do_update(
        index_elements=["campaign_id"],
        index_where=text("is_manual"),
        set_={"is_manual": True},
    ).returning(LeadList.id)
    return int(session.execute(added).scalar_one())
