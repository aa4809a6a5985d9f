"""Campaign rows: made, read as the model's Campaign, changed through the machine and the checks."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dialer.model.amd import AmdProfile
from dialer.model.campaign import (
    CAMPAIGN_MACHINE,
    Basis,
    Campaign,
    CampaignState,
    CampaignTrigger,
    LeadOrder,
    PacingMode,
    PreviewEnd,
    RecordingMode,
)
from dialer.model.disposition import SEED_DISPOSITIONS, Disposition
from dialer.model.errors import BadInput
from dialer.model.ids import CampaignId
from dialer.model.screening import MachineAction
from dialer.store import caller_numbers, holds
from dialer.store.broadcast_leave import check_broadcast
from dialer.store.campaign_settings import (
    CHECKS,
    checked,
    destinations_of,
    retry_rules_of,
    windows_of,
)
from dialer.store.instants import instant
from dialer.store.scatter import scatter_again
from dialer.store.tables import CampaignRow, DispositionRow

ACTIVE_STATES = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAINING)
"""States in which a controller owns the campaign."""
LAW_OF_BROADCAST = frozenset({"mode", "rule_set", "has_consent", "broadcast_message"})
"""Settings on which it hangs whether a broadcast may be sent."""
_STRUCTURED = frozenset(
    {"mode", "caller_ids", "windows", "retry_rules", "script", "recording", "sounds"}
    | {"recording_days", "destinations", "preview_end", "amd", "machine_action", "basis"}
    | {"opened_destinations", "lead_order"}
)


def create_campaign(session: Session, name: str, **settings: object) -> CampaignRow:
    """A new campaign in DRAFT with the seeded dispositions. Raises BadInput naming the setting."""
    row = CampaignRow(**checked({"name": name, **settings}))
    _insert(session, row)
    check_broadcast(campaign_of(row))  # which also tells settings that do not go together
    for position, disposition in enumerate(SEED_DISPOSITIONS):
        session.add(_disposition_row(row.id, position, disposition))
    session.flush()
    return row


def campaign_of(row: CampaignRow) -> Campaign:
    """The model's Campaign. Raises BadInput naming the setting that the row holds wrongly."""
    settings = checked({name: getattr(row, name) for name in CHECKS})
    plain = {name: value for name, value in settings.items() if name not in _STRUCTURED}
    return Campaign(
        campaign_id=CampaignId(row.id),
        state=CampaignState(row.state),
        mode=PacingMode(row.mode),
        lead_order=LeadOrder(row.lead_order),
        preview_end=PreviewEnd(row.preview_end),
        caller_ids=tuple(settings["caller_ids"]),
        recording=RecordingMode(row.recording),
        amd=AmdProfile(row.amd),
        machine_action=MachineAction(row.machine_action),
        basis=Basis(row.basis),
        opened_destinations=tuple(settings["opened_destinations"]),
        sounds=tuple(settings["sounds"]),
        destinations=destinations_of(row.destinations),
        windows=windows_of(row.windows),
        retry_rules=retry_rules_of(row.retry_rules),
        **plain,
    )


def get_campaign(session: Session, campaign_id: int) -> Campaign:
    """One campaign by identity. Raises BadInput when there is none."""
    return _with_numbers(session, campaign_of(_row(session, campaign_id)))


def _with_numbers(session: Session, campaign: Campaign) -> Campaign:
    """A campaign of a pool of numbers shows those; calls that come in to them are its own."""
    if not campaign.caller_pool:
        return campaign
    return replace(campaign, caller_ids=caller_numbers.numbers_of(session, campaign.caller_pool))


def campaign_named(session: Session, name: str) -> CampaignId:
    """Identity of the campaign of that name. Raises BadInput when there is none."""
    found = session.scalar(select(CampaignRow.id).where(CampaignRow.name == name))
    if found is None:
        raise BadInput(f"campaign: there is none named {name!r}")
    return CampaignId(found)


def campaigns_in(session: Session, states: Collection[CampaignState]) -> tuple[Campaign, ...]:
    """Campaigns in one of `states`, by name."""
    rows = select(CampaignRow).where(CampaignRow.state.in_(states)).order_by(CampaignRow.name)
    return tuple(_with_numbers(session, campaign_of(row)) for row in session.scalars(rows))


def running_campaigns(session: Session) -> tuple[Campaign, ...]:
    """Campaigns that a controller must own: running, paused or draining."""
    return campaigns_in(session, ACTIVE_STATES)


def change_state(session: Session, campaign_id: int, trigger: CampaignTrigger) -> CampaignState:
    """The new state by the campaign machine. Raises as Machine.step does; locks the row."""
    row = _row(session, campaign_id, is_locked=True)
    if trigger is CampaignTrigger.START:
        check_broadcast(campaign_of(row))
    row.state = CAMPAIGN_MACHINE.step(CampaignState(row.state), trigger)
    session.flush()
    return CampaignState(row.state)


def update_settings(session: Session, campaign_id: int, settings: Mapping[str, object]) -> Campaign:
    """Change the settings given, and only those. Raises BadInput naming the setting."""
    row = _row(session, campaign_id, is_locked=True)
    for name, value in checked(settings).items():
        setattr(row, name, value)
    _insert(session, row)
    if settings.get("lead_order") == LeadOrder.RANDOM:
        scatter_again(session, campaign_id)
    holds.free_campaign(session, campaign_id)
    campaign = campaign_of(row)
    if not LAW_OF_BROADCAST.isdisjoint(settings):
        check_broadcast(campaign)
    return campaign


def confirm_consent(session: Session, campaign_id: int, user_id: int | None, now: float) -> None:
    """Keep who confirmed the recipients' consent and when; withdrawn with the setting."""
    row = _row(session, campaign_id, is_locked=True)
    if not row.has_consent:
        row.consent_by = row.consent_at = None
    elif row.consent_at is None:
        row.consent_by, row.consent_at = user_id, instant(now)
    session.flush()


def _row(session: Session, campaign_id: int, *, is_locked: bool = False) -> CampaignRow:
    row = session.get(CampaignRow, campaign_id, with_for_update=is_locked or None)
    if row is None:
        raise BadInput(f"campaign {campaign_id}: there is none")
    return row


def _insert(session: Session, row: CampaignRow) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise BadInput(f"name: a campaign is called {row.name!r} already") from error


def _disposition_row(campaign_id: int, position: int, disposition: Disposition) -> DispositionRow:
    flags = {name: getattr(disposition, name) for name in Disposition.__dataclass_fields__}
    return DispositionRow(campaign_id=campaign_id, position=position, **flags)
