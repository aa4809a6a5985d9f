"""One schema for all processes: plain declarative tables without any framework."""

from dialer.store.tables.api import ApiAnswer, ApiKey
from dialer.store.tables.base import Base
from dialer.store.tables.caller_numbers import CallerNumberDay, CallerNumberRow
from dialer.store.tables.calls import (
    AlarmRow,
    ArrivalRow,
    AttemptRow,
    CallStep,
    LedgerEntry,
    LedgerKind,
    OutsideCall,
    PacingMemory,
    PacingMinute,
    RecordingRow,
    SupervisionRow,
)
from dialer.store.tables.campaigns import (
    CampaignRow,
    DispositionRow,
    ImportBatch,
    LeadList,
    RejectedRow,
)
from dialer.store.tables.compliance import (
    AuditEntry,
    Consent,
    DoNotCall,
    NumberHistory,
    Withdrawal,
)
from dialer.store.tables.contacts import (
    ContactLikeness,
    ContactMerge,
    ContactNote,
    ContactRow,
    CustomField,
    Identity,
    SegmentRow,
)
from dialer.store.tables.leads import LeadRow, LeadSkip
from dialer.store.tables.messages import IncomingMessageRow, MessageRow
from dialer.store.tables.people import AgentSession, AgentStateInterval, Role, User
from dialer.store.tables.what_ifs import WhatIfRow, WhatIfState

__all__ = [
    "AgentSession",
    "AgentStateInterval",
    "AlarmRow",
    "ApiAnswer",
    "ApiKey",
    "ArrivalRow",
    "AttemptRow",
    "AuditEntry",
    "Base",
    "CallStep",
    "CallerNumberDay",
    "CallerNumberRow",
    "CampaignRow",
    "Consent",
    "ContactLikeness",
    "ContactMerge",
    "ContactNote",
    "ContactRow",
    "CustomField",
    "DispositionRow",
    "DoNotCall",
    "Identity",
    "ImportBatch",
    "IncomingMessageRow",
    "LeadList",
    "LeadRow",
    "LeadSkip",
    "LedgerEntry",
    "LedgerKind",
    "MessageRow",
    "NumberHistory",
    "OutsideCall",
    "PacingMemory",
    "PacingMinute",
    "RecordingRow",
    "RejectedRow",
    "Role",
    "SegmentRow",
    "SupervisionRow",
    "User",
    "WhatIfRow",
    "WhatIfState",
    "Withdrawal",
]
