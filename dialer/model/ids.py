"""Identities. Each is opaque to the switch: letters, digits, dot, dash and underscore only."""

from typing import NewType

AccountId = NewType("AccountId", int)
CampaignId = NewType("CampaignId", int)
ListId = NewType("ListId", int)
LeadId = NewType("LeadId", int)
AgentId = NewType("AgentId", int)
"""A user who takes calls; the same number as the user's."""
SupervisorId = NewType("SupervisorId", int)
"""A user who listens to agents; the same number as the user's."""
AttemptId = NewType("AttemptId", str)
"""UUID minted by the engine before the attempt row is written."""
LegId = NewType("LegId", str)
"""UUID of one switch channel, chosen by us and given as `origination_uuid`."""
NodeName = NewType("NodeName", str)
"""Name of one FreeSWITCH."""
