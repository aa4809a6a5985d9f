"""Campaigns, their dispositions, and the lists they dial."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dialer.model.amd import AmdProfile
from dialer.model.call_list import DedupeScope, ListState
from dialer.model.campaign import (
    Basis,
    CampaignState,
    LeadOrder,
    PacingMode,
    PreviewEnd,
    RecordingMode,
)
from dialer.model.import_faults import sentence
from dialer.model.screening import MachineAction
from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of


class CampaignRow(Base):
    """Columns mean what the fields of model.campaign.Campaign of the same name mean."""

    __tablename__ = "campaigns"
    __table_args__ = (
        one_of("state", CampaignState, "state"),
        one_of("lead_order", LeadOrder, "lead_order"),
        one_of("mode", PacingMode, "mode"),
        one_of("preview_end", PreviewEnd, "preview_end"),
        one_of("recording", RecordingMode, "recording"),
        one_of("amd", AmdProfile, "amd"),
        one_of("machine_action", MachineAction, "machine_action"),
        one_of("basis", Basis, "basis"),
        CheckConstraint("abandon_target BETWEEN 0 AND 0.05", name="abandon_target"),
        CheckConstraint("ring_timeout_s BETWEEN 15 AND 120", name="ring_timeout"),
        CheckConstraint("recording_days BETWEEN 1 AND 3650", name="recording_days"),
    )

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=CampaignState.DRAFT)
    mode: Mapped[str] = mapped_column(default=PacingMode.PREDICTIVE)
    ratio: Mapped[float] = mapped_column(default=1.5)
    abandon_target: Mapped[float] = mapped_column(default=0.028)
    ring_timeout_s: Mapped[float] = mapped_column(default=25.0)
    answer_limit_s: Mapped[float] = mapped_column(default=2.0)
    notice: Mapped[str] = mapped_column(default="safe_harbour_fr")
    wrap_up_limit_s: Mapped[float] = mapped_column(default=60.0)
    max_lines: Mapped[int] = mapped_column(default=100)
    max_lines_per_agent: Mapped[float] = mapped_column(default=6.0)
    max_calls_per_s: Mapped[float] = mapped_column(default=10.0)
    hopper_size: Mapped[int] = mapped_column(default=200)
    lead_order: Mapped[str] = mapped_column(
        default=LeadOrder.PRIORITY.value, server_default=LeadOrder.PRIORITY.value
    )
    preview_limit_s: Mapped[float] = mapped_column(default=60.0, server_default="60")
    preview_end: Mapped[str] = mapped_column(default=PreviewEnd.SKIP, server_default="SKIP")
    preview_skips: Mapped[int] = mapped_column(default=3, server_default="3")
    has_manual_calls: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    caller_ids: Mapped[list[str]] = mapped_column(JSONB, default=list)
    caller_pool: Mapped[str] = mapped_column(default="", server_default="")
    pool: Mapped[str] = mapped_column(default="", server_default="")
    pool_weight: Mapped[float] = mapped_column(default=1.0, server_default=text("1"))
    rule_set: Mapped[str] = mapped_column(default="FR")
    windows: Mapped[list[dict[str, object]] | None] = mapped_column(JSONB)
    """[{"weekdays": [0, ...], "opens_min": 600, "closes_min": 780}, ...] or null."""
    basis: Mapped[str] = mapped_column(default=Basis.CONSENT, server_default="CONSENT")
    max_attempts: Mapped[int] = mapped_column(default=8)
    keeps_holidays: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    min_gap_s: Mapped[float] = mapped_column(default=600.0)
    cap_most: Mapped[int] = mapped_column(default=0, server_default="0")
    cap_within_s: Mapped[float] = mapped_column(default=86_400.0, server_default="86400")
    opened_destinations: Mapped[list[str]] = mapped_column(
        JSONB, default=list, server_default=text("'[]'")
    )
    callback_wait_s: Mapped[float] = mapped_column(default=900.0, server_default="900")
    retry_rules: Mapped[dict[str, dict[str, float]]] = mapped_column(JSONB, default=dict)
    """{"BUSY": {"delay_s": 300, "max_tries": 4}, ...}"""
    recording: Mapped[str] = mapped_column(default=RecordingMode.OFF, server_default="OFF")
    recording_days: Mapped[int | None]
    """Days after which its recordings are deleted; null: the installation's number."""
    machine_message: Mapped[str] = mapped_column(default="", server_default="")
    sounds: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    destinations: Mapped[list[dict[str, str]]] = mapped_column(
        JSONB, default=list, server_default=text("'[]'")
    )
    """[{"label": "Service client", "number": "+33155667788"}, ...]"""
    max_outside_legs: Mapped[int] = mapped_column(default=2, server_default=text("2"))
    max_outside_per_h: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    amd: Mapped[str] = mapped_column(default=AmdProfile.OFF, server_default="OFF")
    machine_action: Mapped[str] = mapped_column(
        default=MachineAction.HANG_UP, server_default="HANG_UP"
    )
    amd_check_share: Mapped[float] = mapped_column(default=0.02, server_default=text("0.02"))
    amd_budget: Mapped[float] = mapped_column(default=0.01, server_default=text("0.01"))
    broadcast_message: Mapped[str] = mapped_column(default="", server_default="")
    has_consent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    consent_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    consent_at: Mapped[Instant | None]
    """Who confirmed the recipients' consent, and when; empty while there is none."""
    message_template: Mapped[str] = mapped_column(default="")
    script: Mapped[str] = mapped_column(default="", server_default="")
    """What the agent reads, shown beside the lead."""
    created_at: Mapped[CreatedAt]


class DispositionRow(Base):
    """Columns mean what the fields of model.disposition.Disposition of the same name mean."""

    __tablename__ = "dispositions"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    label_fr: Mapped[str]
    label_en: Mapped[str]
    parent: Mapped[str] = mapped_column(default="")
    is_contact: Mapped[bool] = mapped_column(default=True)
    is_success: Mapped[bool] = mapped_column(default=False)
    is_machine: Mapped[bool] = mapped_column(default=False)
    is_wrong_number: Mapped[bool] = mapped_column(default=False)
    is_do_not_call: Mapped[bool] = mapped_column(default=False)
    is_refusal: Mapped[bool] = mapped_column(default=False)
    needs_callback: Mapped[bool] = mapped_column(default=False)
    needs_note: Mapped[bool] = mapped_column(default=False)
    retry_after_s: Mapped[float | None]


class LeadList(Base):
    """One imported batch of leads.

    The counts always add up: read = inserted + updated + duplicate + blocked + rejected.
    """

    __tablename__ = "lists"
    __table_args__ = (
        one_of("state", ListState, "state"),
        one_of("dedupe", DedupeScope, "dedupe"),
        CheckConstraint("priority BETWEEN 1 AND 99", name="priority"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        UniqueConstraint("id", "campaign_id"),
        Index(
            "uq_lists_segment",
            "campaign_id",
            "segment_id",
            unique=True,
            postgresql_where=text("segment_id IS NOT NULL"),
        ),
        Index(
            "uq_lists_manual",
            "campaign_id",
            unique=True,
            postgresql_where=text("is_manual"),
        ),
    )

    id: Mapped[BigId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default=ListState.UPLOADED)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    is_manual: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Holds the numbers that agents typed; one per campaign. Switched off, so that nothing but
    their own wish dials them."""
    priority: Mapped[int] = mapped_column(default=50, server_default=text("50"))
    """Of its leads that have none of their own; lower is dialled first."""
    weight: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """Its share where a campaign takes from its lists by weight."""
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))
    """The segment that it follows: whom it finds is added, who was not called and no longer
    belongs to it is taken out. Null: a list that was imported."""
    attached_at: Mapped[Instant | None]
    """When the persons of its leads were last brought to contacts."""
    region: Mapped[str] = mapped_column(default="FR")
    """ISO country whose dialling rules read numbers without a plus sign."""
    has_old_benin_numbers: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether 8 digits are a Benin number of before 30 November 2024, to be written +22901..."""
    needs_consent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether a row without evidence of consent is blocked."""
    dedupe: Mapped[str] = mapped_column(
        default=DedupeScope.CAMPAIGN, server_default=DedupeScope.CAMPAIGN
    )
    """Where a number must not be known yet."""
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    """{"Téléphone": "number", "Ville": "field", ...}: the file's column to its use."""
    header_signature: Mapped[str] = mapped_column(default="", server_default="", index=True)
    """The same for files with the same columns, whose mapping is remembered; empty until the
    mapping was confirmed."""
    file_name: Mapped[str] = mapped_column(default="")
    file_size: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    """Bytes that a browser said it would send."""
    file_sha256: Mapped[str] = mapped_column(default="", index=True)
    encoding: Mapped[str] = mapped_column(default="")
    n_read: Mapped[int] = mapped_column(default=0)
    n_inserted: Mapped[int] = mapped_column(default=0)
    n_updated: Mapped[int] = mapped_column(default=0)
    n_duplicate: Mapped[int] = mapped_column(default=0)
    n_blocked: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    n_rejected: Mapped[int] = mapped_column(default=0)
    n_undone: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Leads that taking the import back removed."""
    forecast: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    """What the last dry run counted, by count and by fault of a row."""
    fault: Mapped[dict[str, object]] = mapped_column(
        JSONB, default=dict, server_default=text("'{}'")
    )
    """{"code": ..., and what its sentence names}: why it failed, or a warning; empty: neither."""

    @property
    def error(self) -> str:
        """The fault as a sentence for other programs; empty where there is none."""
        told = {name: self.fault[name] for name in self.fault if name != "code"}
        return sentence(str(self.fault["code"]), told) if self.fault else ""

    created_at: Mapped[CreatedAt]
    finished_at: Mapped[Instant | None]
    archived_at: Mapped[Instant | None]
    """Since when it is put away: switched off, and not shown among the others."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ImportBatch(Base):
    """A range of a file's rows that was committed, and what became of them."""

    __tablename__ = "import_batches"

    list_id: Mapped[int] = mapped_column(
        ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True
    )
    upto_row: Mapped[int] = mapped_column(primary_key=True)
    n_read: Mapped[int]
    n_inserted: Mapped[int]
    n_updated: Mapped[int]
    n_duplicate: Mapped[int]
    n_blocked: Mapped[int]
    n_rejected: Mapped[int]


class RejectedRow(Base):
    """A row of the file that became no lead, and why (`RowFault`); `line` is as the file had it."""

    __tablename__ = "rejected_rows"

    list_id: Mapped[int] = mapped_column(
        ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    line: Mapped[str]
