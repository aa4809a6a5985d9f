"""What an API key may do: its scopes, each of one resource and one kind of act."""

from enum import StrEnum


class Scope(StrEnum):
    LISTS_READ = "lists:read"
    LISTS_WRITE = "lists:write"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    """Settings."""
    CAMPAIGNS_CONTROL = "campaigns:control"
    """Start, pause and stop."""
    DNC_READ = "dnc:read"
    DNC_WRITE = "dnc:write"
    ATTEMPTS_READ = "attempts:read"
    RECORDINGS_READ = "recordings:read"
    """The sound of calls."""
