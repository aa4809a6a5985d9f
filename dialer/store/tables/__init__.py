"""One schema for all processes: plain declarative tables without any framework."""

from dialer.store.tables.base import Base
from dialer.store.tables.calls import (
    AlarmRow,
    AttemptRow,
    CallStep,
    LedgerEntry,
    LedgerKind,
    PacingMemory,
    PacingMinute,
    RecordingRow,
    SupervisionRow,
)
from dialer.store.tables.campaigns import CampaignRow, DispositionRow, LeadList, RejectedRow
from dialer.store.tables.compliance import AuditEntry, DoNotCall
from dialer.store.tables.leads import LeadRow
from dialer.store.tables.messages import MessageRow
from dialer.store.tables.people import AgentSession, AgentStateInterval, Role, User

__all__ = [
    "AgentSession",
    "AgentStateInterval",
    "AlarmRow",
    "AttemptRow",
    "AuditEntry",
    "Base",
    "CallStep",
    "CampaignRow",
    "DispositionRow",
    "DoNotCall",
    "LeadList",
    "LeadRow",
    "LedgerEntry",
    "LedgerKind",
    "MessageRow",
    "PacingMemory",
    "PacingMinute",
    "RecordingRow",
    "RejectedRow",
    "Role",
    "SupervisionRow",
    "User",
]
