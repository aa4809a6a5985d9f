"""What the text of `status` says of a switch's limits."""

import re


def read_limits(status: str) -> tuple[int, int]:
    """(sessions, sessions per second) from the text of `status`; 0 for what it does not say."""
    sessions = re.search(r"^(\d+) session\(s\) max", status, re.MULTILINE)
    per_second = re.search(r"per Sec out of max (\d+)", status)
    return _number(sessions), _number(per_second)


def read_min_idle_cpu(status: str) -> float:
    """Percent from the text of `status`; 0 when the switch has no such limit."""
    found = re.search(r"^min idle cpu ([0-9.]+)/", status, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def _number(found: re.Match[str] | None) -> int:
    return int(found.group(1)) if found else 0
