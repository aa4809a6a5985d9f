"""Lists: made empty, changed, put away."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.ids import CampaignId, LeadId
from dialer.model.lead import LeadState
from dialer.store.instants import instant
from dialer.store.numbers import check_region
from dialer.store.tables import CampaignRow, LeadList, LeadRow

NAME_LENGTH = 200


def create_list(
    session: Session, campaign_id: int, name: str, region: str, *, is_active: bool = True
) -> LeadList:
    """An empty list that leads may be added to. Raises BadInput naming the field."""
    if session.get(CampaignRow, campaign_id) is None:
        raise BadInput(f"campaign {campaign_id}: there is none")
    row = LeadList(
        campaign_id=campaign_id, name=list_name(name), region=check_region(region), state="READY",
        is_active=is_active,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def list_name(name: str) -> str:
    """The name without blanks round it. Raises BadInput."""
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise BadInput(f"name: must be 1 to {NAME_LENGTH} printable characters")
    return name


def switch(row: LeadList, *, is_active: bool) -> None:
    """Let its leads be dialled, or not. Raises BadInput when it was put away."""
    if is_active and row.archived_at is not None:
        raise BadInput("is_active: the list is archived")
    row.is_active = is_active


def archive(row: LeadList, now: float) -> None:
    """Put the list away: nothing dials its leads, and it is shown only to those who look for it."""
    row.is_active = False
    if row.archived_at is None:
        row.archived_at = instant(now)


def claimed_of(session: Session, list_id: int) -> tuple[tuple[CampaignId, LeadId], ...]:
    """Leads of the list that a controller may be about to dial; it is to be told."""
    claimed = LeadRow.list_id == list_id, LeadRow.state == LeadState.CLAIMED
    rows = session.execute(select(LeadRow.campaign_id, LeadRow.id).where(*claimed))
    return tuple((CampaignId(campaign_id), LeadId(lead_id)) for campaign_id, lead_id in rows)
