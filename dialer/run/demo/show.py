"""Live figures of a campaign in the terminal, from the same pictures as the wallboard."""

from typing import Any

STATES = ("READY", "RESERVED", "TALKING", "WRAP_UP", "PAUSED")


def line_of(view: dict[str, Any]) -> str:
    """One line of a CampaignView as JSON."""
    states = [agent["state"] for agent in view["agents"]]
    agents = " ".join(f"{state.lower()} {states.count(state)}" for state in STATES)
    return (
        f"attempts {view['n_attempts']:>5} | ringing {view['n_dialing'] + view['n_ringing']:>3}"
        f" | waiting {view['n_waiting']:>2} | talking {view['n_connected']:>3}"
        f" | abandoned {view['n_abandoned']:>3}/{view['n_live']:<4}"
        f" {view['abandon_rate']:6.2%} | occupancy {view['occupancy']:4.0%} | {agents}"
    )
