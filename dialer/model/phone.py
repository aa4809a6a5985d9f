"""What an agent talks through: one of three kinds of phone, and its address.

An extension is called by the switch that it registered with, a browser's as well as a desk
phone's. An outside number is reached over the network like a customer's: whoever picks up must
confirm with a key, so that a voicemail never passes for an agent.
"""

import re
from enum import StrEnum


class PhoneKind(StrEnum):
    SIP = "SIP"
    """A phone or softphone with an account of its own on the switch."""
    WEBRTC = "WEBRTC"
    """The agent's page itself; its password is made anew each time the page opens."""
    OUTSIDE = "OUTSIDE"
    """A number of the public network, stored by an administrator and nobody else."""


EXTENSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
OUTSIDE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
"""E.164."""


def is_address(kind: PhoneKind, address: str) -> bool:
    """Whether `address` has the form that phones of that kind have."""
    pattern = OUTSIDE_NUMBER if kind is PhoneKind.OUTSIDE else EXTENSION
    return pattern.fullmatch(address) is not None
