"""Attempts, the abandon ledger, and the supervisor's record of pacing decisions."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dialer.model.amd import Cause, Verdict
from dialer.model.call import RecordingState
from dialer.model.campaign import PacingMode
from dialer.model.commands import Step
from dialer.model.outcome import Outcome
from dialer.model.supervision import SupervisionState
from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of


class AttemptRow(Base):
    """One try to reach a lead: written before the dial, closed when the last leg is gone.

    The partial unique indexes are the last fence: whatever two controllers believe, one lead,
    one number and one person have at most one open attempt.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        one_of("outcome", Outcome, "outcome"),
        one_of("amd_verdict", Verdict, "amd_verdict"),
        one_of("amd_cause", Cause, "amd_cause"),
        Index(
            "ix_attempts_amd", "campaign_id", "answered_at",
            postgresql_where=text("amd_verdict IS NOT NULL"),
        ),
        Index(
            "uq_attempts_open_lead", "lead_id", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_attempts_open_number", "number", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_attempts_open_contact", "contact_id", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_attempts_campaign_started", "campaign_id", "started_at"),
        Index("ix_attempts_lead", "lead_id", "started_at"),
        Index("ix_attempts_number", "number", "started_at"),
        Index("ix_attempts_agent", "agent_id", "started_at"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    number: Mapped[str]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    """Whose number it was when it was dialled; null: the person had no contact yet."""
    attempt_number: Mapped[int]
    caller_id: Mapped[str]
    rule_set: Mapped[str]
    node: Mapped[str]
    leg_id: Mapped[str]
    trunk: Mapped[str] = mapped_column(default="", server_default="")
    """The way out of its present leg; empty: the switch's only one."""
    started_at: Mapped[Instant]
    ringing_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    bridged_at: Mapped[Instant | None]
    entrusted_at: Mapped[Instant | None]
    """When the last agent gave the customer to an outside number: the agent's talk ends here."""
    ended_at: Mapped[Instant | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[str | None]
    """The system disposition; null while the call lives."""
    cause: Mapped[str | None]
    sip_status: Mapped[int | None]
    disposition: Mapped[str | None]
    """The agent's."""
    disposed_at: Mapped[Instant | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
    amd_verdict: Mapped[str | None]
    """Who answered, as model.screening has it; null where nobody listened. Seconds of audio since
    the answer; `amd_greeted_s`: from when on the person waited for an agent."""
    amd_cause: Mapped[str | None]
    amd_p_machine: Mapped[float | None]
    amd_onset_s: Mapped[float | None]
    amd_greeting_end_s: Mapped[float | None]
    amd_decided_s: Mapped[float | None]
    amd_greeted_s: Mapped[float | None]
    amd_is_checked: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """A machine that was given to an agent all the same."""
    amd_looks_machine: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """The second look found a recording where a person was taken for one."""


class CallStep(Base):
    """Who talked with the customer from when on, of attempts that somebody else came into.

    The next step ends it, and the last one ends with the attempt.
    """

    __tablename__ = "call_steps"
    __table_args__ = (one_of("step", Step, "step"), Index(None, "attempt_id"))

    id: Mapped[BigId]
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"))
    at: Mapped[Instant]
    step: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    other_name: Mapped[str] = mapped_column(default="", server_default="")
    """The colleague's name, or the destination's label."""
    leg_id: Mapped[str | None]
    """Of the other one."""


class OutsideCall(Base):
    """A destination was called for a customer. `name`: its label."""

    __tablename__ = "outside_calls"
    __table_args__ = (Index(None, "campaign_id", "at"),)

    leg_id: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"))
    name: Mapped[str]
    at: Mapped[Instant]


class RecordingRow(Base):
    """The recording of an attempt, on the switch that made it: one file, named by the attempt.

    It ends with the call. `n_pauses`: stretches of silence that an agent asked for. The row stays
    when the file goes: that a person was recorded, and when that was undone, remains known.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        one_of("state", RecordingState, "state"),
        Index("ix_recordings_started", "started_at", "attempt_id"),
        Index(
            "ix_recordings_to_erase", "attempt_id",
            postgresql_where=text("deleted_at IS NOT NULL AND erased_at IS NULL"),
        ),
    )  # fmt: skip

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    node: Mapped[str]
    state: Mapped[str]
    """As last asked for; OFF: it could not be made."""
    started_at: Mapped[Instant]
    n_pauses: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    deleted_at: Mapped[Instant | None]
    """From then on nobody may hear it."""
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Null with `deleted_at`: its term had passed."""
    erased_at: Mapped[Instant | None]
    """Since when no file is left."""


class SupervisionRow(Base):
    """A stretch in which a supervisor heard one call in one way; open while `ended_at` is null.

    Append-only: this is the record of who listened to whom.
    """

    __tablename__ = "supervisions"
    __table_args__ = (
        one_of("state", SupervisionState, "state"),
        Index(None, "attempt_id", "started_at"),
        Index(
            "uq_supervisions_open", "supervision_id", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[BigId]
    supervision_id: Mapped[str]
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"))
    state: Mapped[str]
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class LedgerKind(StrEnum):
    SERVED = "SERVED"
    ABANDONED = "ABANDONED"
    MACHINE = "MACHINE"
    """Served, but the agent met a machine: no live answer after all."""


class LedgerEntry(Base):
    """One live answer, as the law counts it. Append-only, but for a machine found by the agent."""

    __tablename__ = "abandon_ledger"
    __table_args__ = (one_of("kind", LedgerKind, "kind"), Index(None, "campaign_id", "at"))

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    at: Mapped[Instant]
    kind: Mapped[str]


class PacingMemory(Base):
    """What the pacing policy learnt, kept so that tomorrow starts warm."""

    __tablename__ = "pacing_memory"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    saved_at: Mapped[CreatedAt]
    state: Mapped[dict[str, object]] = mapped_column(JSONB)


class PacingMinute(Base):
    """What pacing decided within one minute and why, and what came of it: the audit log of pacing.

    Counts are of that minute unless the name says otherwise.
    """

    __tablename__ = "pacing_minutes"
    __table_args__ = (
        one_of("mode", PacingMode, "mode"),
        Index("ix_pacing_minutes_begins", "begins_at"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    begins_at: Mapped[Instant] = mapped_column(primary_key=True)
    """Of its first decision."""
    mode: Mapped[str]
    abandon_target: Mapped[float]
    n_decisions: Mapped[int]
    n_dialed: Mapped[int]
    """Calls decided; `n_attempts` are those for which a lead could be dialled."""
    mean_agents: Mapped[float]
    mean_free: Mapped[float]
    mean_ringing: Mapped[float]
    max_waiting: Mapped[int]
    max_risk: Mapped[float]
    mean_theta: Mapped[float]
    answer_rate: Mapped[float]
    """As estimated at the end."""
    bank: Mapped[float]
    abandon_rate: Mapped[float]
    """By the ledger, at the end."""
    limits: Mapped[dict[str, int]] = mapped_column(JSONB)
    """{"risk": 97, "lines": 23}: decisions by what kept them from more."""
    n_attempts: Mapped[int]
    n_answered: Mapped[int]
    n_bridged: Mapped[int]
    n_live: Mapped[int]
    n_abandoned: Mapped[int]
    mean_talk_s: Mapped[float | None]
    mean_wrap_up_s: Mapped[float | None]
    mean_ring_s: Mapped[float | None]
    """Of the answered calls."""
    outcomes: Mapped[dict[str, int]] = mapped_column(JSONB)
    settings: Mapped[dict[str, float]] = mapped_column(JSONB)
    series: Mapped[bytes] = mapped_column(deferred=True)
    """Each decision (store/pacing_series.py)."""


class ArrivalRow(Base):
    """A call that came in to a number which a campaign shows."""

    __tablename__ = "arrivals"
    __table_args__ = (Index(None, "lead_id", "at"),)

    leg_id: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"))
    """Of the campaign's leads the one with the caller's number."""
    caller: Mapped[str]
    """As the carrier wrote it."""
    called: Mapped[str]
    at: Mapped[Instant]


class AlarmRow(Base):
    """Something a supervisor had to see; acknowledged once he says that he has."""

    __tablename__ = "alarms"
    __table_args__ = (
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
    )

    id: Mapped[BigId]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    at: Mapped[Instant]
    code: Mapped[str]
    detail: Mapped[str]
    acknowledged_at: Mapped[Instant | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
