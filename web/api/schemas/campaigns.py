"""Campaigns, and their figures."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from dialer.model.campaign import CampaignState, CampaignTrigger, PacingMode
from dialer.model.lead import LeadState
from web.api.schemas.base import At, Page, PageAsked, Query, Shown


class CampaignsAsked(PageAsked):
    state: CampaignState | None = None


class CampaignShown(Shown):
    """`may`: what its present state allows."""

    id: int
    name: str
    state: CampaignState
    mode: PacingMode
    may: list[CampaignTrigger]
    created_at: datetime


class CampaignPage(Page[CampaignShown]):
    """Campaigns, newest first."""


class FiguresAsked(Query):
    since: Annotated[At | None, Field(description="null: 24 hours before `until`")] = None
    until: Annotated[At | None, Field(description="null: now")] = None


class LeadFigures(Shown):
    """Leads of the campaign now. `n_due`: could be dialled at this moment."""

    n_total: int
    n_due: int
    by_state: dict[LeadState, int]


class CallFigures(Shown):
    """Attempts that started in the period and are over. Rates from 0 to 1; null: of nothing.

    `abandon_rate` = abandoned / (abandoned + bridged within the limit), without the machines that
    agents found.
    """

    n_attempts: int
    n_answered: int
    n_handled: int
    n_live: int
    n_abandoned: int
    n_contacts: int
    n_successes: int
    n_machines: int
    talk_s: float
    answer_rate: float | None
    abandon_rate: float | None
    contact_rate: float | None
    success_rate: float | None
    mean_talk_s: float | None
    mean_wait_s: float | None


class LiveFigures(Shown):
    """The controller's picture, at most some seconds old."""

    at: datetime
    is_window_open: bool
    n_agents: int
    n_free: int
    n_dialing: int
    n_ringing: int
    n_waiting: int
    n_connected: int
    n_hopper: int
    abandon_rate: float
    occupancy: float
    limit: Annotated[str, Field(description="what kept pacing from one more call")]


class FiguresShown(Shown):
    campaign_id: int
    since: datetime
    until: datetime
    leads: LeadFigures
    calls: CallFigures
    live: Annotated[LiveFigures | None, Field(description="null: no controller drives it now")]
