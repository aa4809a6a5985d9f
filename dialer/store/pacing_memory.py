"""What the pacing policy of a campaign learnt, as the JSON that the policy makes of it."""

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.ids import CampaignId
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import PacingMemory


def save_memory(
    session: Session, campaign_id: CampaignId, state: Mapping[str, object], now: float
) -> None:
    """Replace the campaign's memory."""
    fresh = {"saved_at": instant(now), "state": dict(state)}
    session.execute(
        insert(PacingMemory)
        .values(campaign_id=campaign_id, **fresh)
        .on_conflict_do_update(index_elements=["campaign_id"], set_=fresh)
    )


def load_memory(
    session: Session, campaign_id: CampaignId
) -> tuple[dict[str, object], float] | None:
    """The memory and when it was saved (UTC seconds), or None at the first run."""
    row = session.get(PacingMemory, campaign_id, populate_existing=True)
    return None if row is None else (row.state, seconds_of(row.saved_at))
