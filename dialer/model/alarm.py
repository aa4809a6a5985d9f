"""What a supervisor has to see at once; stored and shown by these words."""

from enum import StrEnum


class AlarmCode(StrEnum):
    AMD_OFF = "AMD_OFF"
    """Too many people were taken for answering machines: nobody is listened to any more."""
    ABANDON_LIMIT = "ABANDON_LIMIT"
    """One more abandoned answer would take the rate over the law's limit."""
    BROKEN_STATISTICS = "BROKEN_STATISTICS"
    """What pacing measured cannot be; it predicts nothing until that is over."""
    DESK_SILENT = "DESK_SILENT"
    """An agent's page was closed, froze or lost its connection: he is paused."""
    PHONE_UNREACHABLE = "PHONE_UNREACHABLE"
    PHONE_FORBIDDEN = "PHONE_FORBIDDEN"
    """An agent's outside number lies in a range that nobody may be billed for."""
    RECORDING_FAILED = "RECORDING_FAILED"
