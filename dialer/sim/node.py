"""What the simulated node says of itself: status, version, heartbeat, and its counters."""

from dialer.sim.portrait import HOST
from dialer.sim.switch import Switch

VERSION = "1.10.12-release"
FULL_VERSION = f"{VERSION}+git~20240802T210227Z~a88d069d6f~64bit"
_IDLE_CPU = "95.000000"
_UNITS = (
    ("year", 31_536_000_000_000), ("day", 86_400_000_000), ("hour", 3_600_000_000),
    ("minute", 60_000_000), ("second", 1_000_000), ("millisecond", 1000), ("microsecond", 1),
)  # fmt: skip


def up_time(seconds: float) -> str:
    """`0 years, 0 days, 0 hours, 2 minutes, ...`."""
    left = round(seconds * 1e6)
    words = []
    for name, size in _UNITS:
        n, left = divmod(left, size)
        words.append(f"{n} {name}{'' if n == 1 else 's'}")
    return ", ".join(words)


def heartbeat(switch: Switch) -> dict[str, str]:
    """The own headers of HEARTBEAT."""
    dialing, limits = switch.dialing, switch.limits
    return {
        "Event-Info": "System Ready",
        "Up-Time": up_time(switch.up_s),
        "FreeSWITCH-Version": FULL_VERSION,
        "Uptime-msec": str(round(switch.up_s * 1000)),
        "Session-Count": str(len(switch.exchange.legs)),
        "Max-Sessions": str(limits.max_sessions),
        "Session-Per-Sec": str(limits.sessions_per_s),
        "Session-Per-Sec-Last": str(dialing.n_last_second),
        "Session-Per-Sec-Max": str(dialing.n_peak_second),
        "Session-Per-Sec-FiveMin": str(dialing.n_peak_second),
        "Session-Since-Startup": str(dialing.n_sessions_ever),
        "Session-Peak-Max": str(dialing.n_peak),
        "Session-Peak-FiveMin": str(dialing.n_peak),
        "Idle-CPU": _IDLE_CPU,
    }


def status(switch: Switch) -> str:
    """The text of `status`."""
    dialing, limits = switch.dialing, switch.limits
    n = len(switch.exchange.legs)
    per_s, peak_s = dialing.n_last_second, dialing.n_peak_second
    return (
        f"UP {up_time(switch.up_s)}\n"
        f"FreeSWITCH (Version {VERSION} git a88d069 2024-08-02 21:02:27Z 64bit) is ready\n"
        f"{dialing.n_sessions_ever} session(s) since startup\n"
        f"{n} session(s) - peak {dialing.n_peak}, last 5min {dialing.n_peak} \n"
        f"{per_s} session(s) per Sec out of max {limits.sessions_per_s}, "
        f"peak {peak_s}, last 5min {peak_s} \n"
        f"{limits.max_sessions} session(s) max\n"
        f"min idle cpu 0.00/95.00\n"
        f"Current Stack Size/Max 240K/8192K\n"
    )


def version(args: str) -> str:
    """The text of `version` and `version short`."""
    if args == "short":
        return f"{VERSION}\n"
    return f"FreeSWITCH Version {FULL_VERSION} (git a88d069 2024-08-02 21:02:27Z 64bit)\n"


def global_variables(switch: Switch) -> dict[str, str]:
    """The few that a client may ask for."""
    return {"hostname": HOST, "local_ip_v4": "127.0.0.1", "core_uuid": switch.core_uuid}
