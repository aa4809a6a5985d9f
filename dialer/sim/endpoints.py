"""From a dial string to an order: who is at that address, or why FreeSWITCH would not dial it.

Must not know of limits: those are the switch's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dialer.sim.dialstring import DialString
from dialer.sim.legs import BRIDGE_RULES, Order
from dialer.sim.numbers import AGENT, OUTSIDE_AGENT
from dialer.sim.person import Answer, Person
from dialer.sim.population import Population

DEFAULT_TIMEOUT_S = 60.0
STILLBORN = frozenset({"INVALID_GATEWAY", "INVALID_PROFILE", "USER_NOT_REGISTERED"})
"""Causes for which FreeSWITCH makes a channel, tells its CHANNEL_DESTROY, and nothing else."""
_TRUE = frozenset({"true", "yes", "on", "1", "t", "enabled", "active", "allow"})
_AGENT = re.compile(r"agent\d+")
_AT_ONCE = Person(Answer.LIVE, None, 0.0)


@dataclass(frozen=True, slots=True)
class Addresses:
    """What this switch can reach. A user is registered unless `unregistered` matches."""

    gateways: frozenset[str] = frozenset({"carrier", "trunk"})
    profiles: frozenset[str] = frozenset({"switch", "agents", "internal", "external", "carrier"})
    unregistered: re.Pattern[str] = re.compile(r"999\d")


class Target(NamedTuple):
    """A reachable address: the channel's name, the user dialled, and whether it is an agent's."""

    channel_name: str
    destination: str
    is_agent: bool = False


def whole_seconds(timeout_s: float, utc: float) -> float:
    """How long FreeSWITCH lets it ring: it counts changes of the wall clock's second."""
    return max(0.0, timeout_s - utc % 1.0)


def is_true(text: str) -> bool:
    """FreeSWITCH's idea of a true variable."""
    return text.lower() in _TRUE


def _ignores(text: str) -> bool:
    """`consume` reads early media, and counts them as an answer no more than `true` does."""
    return text == "consume" or is_true(text)


def find(endpoint: str, addresses: Addresses) -> Target | str:
    """The target, or the hangup cause that `originate` answers at once."""
    kind, _, rest = endpoint.partition("/")
    if kind == "error":
        return rest.upper()
    if kind in ("null", "loopback"):
        return Target(endpoint, rest)
    if kind == "user":
        user, _, domain = rest.partition("@")
        if addresses.unregistered.fullmatch(user):
            return "SUBSCRIBER_ABSENT"
        return Target(f"sofia/internal/{user}@{domain or '127.0.0.1'}", user, is_agent=True)
    return _sofia(rest, addresses) if kind == "sofia" else "CHAN_NOT_IMPLEMENTED"


def _sofia(rest: str, addresses: Addresses) -> Target | str:
    profile, _, address = rest.partition("/")
    if profile == "gateway":
        gateway, _, number = address.partition("/")
        if gateway not in addresses.gateways:
            return "INVALID_GATEWAY"
        return Target(f"sofia/external/{number}", number)
    if profile not in addresses.profiles:
        return "INVALID_PROFILE"
    user = address.partition("@")[0].removeprefix("sip:")
    if not user:
        return "USER_NOT_REGISTERED"
    return Target(f"sofia/{profile}/{address}", user, _AGENT.fullmatch(user) is not None)


def order_for(
    dial: DialString,
    target: Target,
    leg_id: str,
    population: Population,
    age_s: float,
    utc: float,
) -> Order:
    """The order for a reachable target. The person is found by relance_lead and relance_try.

    FreeSWITCH counts originate_timeout in whole seconds of its wall clock: asked for N, it rings
    for N - 1 to N seconds. `utc`: now.
    """
    variables = dict(dial.variables)
    person = _person(target, variables, population, age_s)
    timeout = variables.get("originate_timeout", "")
    timeout_s = float(timeout) if timeout.isdigit() else dial.timeout_s or DEFAULT_TIMEOUT_S
    timeout_s = whole_seconds(timeout_s, utc)
    rules: dict[str, Any] = {
        rule: is_true(variables.get(name, "")) for name, rule in BRIDGE_RULES.items()
    }
    return Order(
        leg_id, target.channel_name, target.destination, person, timeout_s, variables,
        dial.app, dial.app_data,
        ignores_early_media=_ignores(variables.get("ignore_early_media", "")),
        is_agent=target.is_agent,
        confirm_key=variables.get("group_confirm_key", ""),
        confirm_within_s=_seconds(variables.get("group_confirm_timeout", "")),
        **rules,
    )  # fmt: skip


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else DEFAULT_TIMEOUT_S


def _person(
    target: Target, variables: Mapping[str, str], population: Population, age_s: float
) -> Person:
    if target.is_agent:
        return AGENT
    if variables.get("relance_agent") and not population.profile_at(age_s).is_number_plan:
        return OUTSIDE_AGENT
    if target.channel_name.startswith(("null/", "loopback/")):
        return _AT_ONCE
    attempt = variables.get("relance_try", "")
    return population.reached(
        variables.get("relance_lead", ""),
        int(attempt) if attempt.isdigit() else 1,
        target.destination,
        age_s,
    )
