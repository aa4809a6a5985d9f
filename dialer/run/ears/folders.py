"""Where a controller's taps are recorded: a folder of its own below each switch's.

Controllers share switches, and each sweeps what it left behind: it must not sweep another's.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dialer.config import SwitchSettings

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]|^\.+")


def with_own_tap(switch: SwitchSettings, controller: str) -> SwitchSettings:
    """The settings, with this controller's own folder when its tap is one."""
    if not switch.tap.startswith("/"):
        return switch
    own = _NOT_IN_NAMES.sub("_", controller) or "_"
    return replace(switch, tap=f"{switch.tap.rstrip('/')}/{own}")


def tap_folders(switches: Iterable[SwitchSettings], controller: str) -> list[Path]:
    """The folders of all its switches, each once."""
    taps = (with_own_tap(switch, controller).tap for switch in switches)
    return [Path(tap) for tap in dict.fromkeys(taps) if tap.startswith("/")]
