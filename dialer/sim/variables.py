"""Channel variables that are set on a living leg, and what the switch itself reads from them."""

from dialer.sim.endpoints import is_true
from dialer.sim.legs import BRIDGE_RULES, Leg


def set_variable(leg: Leg, name: str, value: str) -> None:
    """Set a channel variable; an empty value takes it away."""
    order = leg.order
    order.variables[name] = value
    if not value:
        del order.variables[name]
    if name in BRIDGE_RULES:
        setattr(order, BRIDGE_RULES[name], is_true(value))
