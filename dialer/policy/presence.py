"""When an agent's page counts as gone: whoever it belongs to must not be given a customer.

A page answers each heartbeat of its event stream, which a closed, frozen or cut-off one does not;
the phone may well be up all the while. Desks without a page (tests, demonstrations) are never
asked.
"""

from collections.abc import Mapping

from dialer.model.ids import AgentId

SILENT_S = 45.0
"""Four heartbeats missed (`web/sse.py` has them 10 s apart): no more calls."""
GONE_S = 900.0
"""And an agent who is paused since then is logged out."""
FEW = 3
"""So many pages fall silent together only when it is the web that is silent."""


def silent_desks(silences: Mapping[AgentId, float]) -> set[AgentId]:
    """Agents whose page is silent, by the seconds since each page was last heard.

    None at all when every page is: then the web server is down, or its way to us, and a floor that
    works must not be sent into a pause for it.
    """
    silent = {agent_id for agent_id, seconds in silences.items() if seconds >= SILENT_S}
    return set() if len(silent) >= FEW and len(silent) == len(silences) else silent


def is_gone(silence_s: float) -> bool:
    """Whether nobody can be expected back at a desk that has been silent for so long."""
    return silence_s >= GONE_S
