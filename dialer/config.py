"""Settings of one process, read once from the environment; nobody else reads it.

Every name carries its unit. A wrong value raises ConfigurationError naming the variable.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from dialer.model.errors import ConfigurationError
from dialer.model.ids import NodeName
from dialer.model.trunk import NO_LIMIT, TrunkRules

RECORDINGS = "/var/lib/relance/recordings/{recording}.wav"
RECORDINGS_FOLDER = "/var/lib/relance/recordings"
RECORDING_DAYS = 180
"""Six months: what a data protection authority takes as the longest term for most purposes."""
CONFIRM = "tone_stream://%(150,100,880);%(150,2500,660);loops=2"
TAP = "/dev/shm/relance-tap"
PACING_LOG_MONTHS = 24
MAX_FAILURES = 5
"""Carrier failures in a row after which a named trunk rests."""
WSS_URL = re.compile(r"wss://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?")
DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,253}")
TAP_FOLDER = re.compile(r"/[A-Za-z0-9._/-]{1,200}")
SECRET = re.compile(r"[A-Za-z0-9_.~-]{16,200}")
FORBIDDEN_PASSWORDS = frozenset({"", "ClueCon"})


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """One FreeSWITCH. `customer_dial` and `agent_dial` are dial strings with one placeholder."""

    name: NodeName
    host: str
    port: int
    password: str
    customer_dial: str
    """Holds `{number}`, e.g. sofia/gateway/carrier/{number}."""
    agent_dial: str
    """Holds `{phone}`, e.g. user/{phone}."""
    notice_path: str
    """Where the switch finds notices; holds `{notice}`."""
    recording_path: str = RECORDINGS
    """Where the switch writes recordings; holds `{recording}`."""
    confirm_path: str = CONFIRM
    """What is played to who answers an agent's outside number, until the key is pressed."""
    is_draining: bool = False
    """It gets no new call; those that stand go on."""
    tap: str = TAP
    """How answers are listened to: by a folder that this machine shares with the switch, `udp` (the
    switch sends audio to a port of this machine), or `none`."""
    trunks: tuple[tuple[TrunkRules, str], ...] = ()
    """Ways out in the order in which they are tried, each with its dial string."""

    def dial_of(self, trunk: str) -> str:
        """Dial string of a customer on that trunk."""
        return next((d for rules, d in self.trunks if rules.name == trunk), self.customer_dial)


class SmsProvider(StrEnum):
    """Whose language is spoken at RELANCE_SMS_URL."""

    HTTP = "http"
    """JSON, as docs/operations.md tells."""
    TWILIO = "twilio"


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """What agents' browsers and the switches' directory need to know of each other."""

    wss_urls: tuple[str, ...] = ()
    """Secure websocket of each switch; none: no agent's phone is in the browser."""
    sip_domain: str = ""
    """The switches' RELANCE_SIP_DOMAIN."""
    directory_secret: str = ""
    """By which a switch proves itself when it asks for a phone's account; empty: none is told."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` and `redis_url` empty: the embedded servers under `var_dir` are used."""

    database_url: str
    redis_url: str
    switches: tuple[SwitchSettings, ...]
    var_dir: Path
    secret_key: str
    sms_url: str
    """Address of the templated HTTP connector; empty: messages stay queued."""
    sms_token: str
    http_port: int
    log_level: str
    recordings: str = RECORDINGS_FOLDER
    """Where this host finds the recordings; may end in `/{node}`, a folder for each switch."""
    recording_days: int = RECORDING_DAYS
    """Days after which a recording is deleted, when its campaign names no other number."""
    phones: PhoneSettings = PhoneSettings()
    pacing_log_months: int = PACING_LOG_MONTHS
    sms_provider: SmsProvider = SmsProvider.HTTP
    sms_from: str = ""
    """Who messages are from, where the provider is to be told."""
    public_url: str = ""
    """What the web is called from outside."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from variables; the names are in README.md under "Environment"."""
    return Settings(
        database_url=_database_url(environment.get("DATABASE_URL", "")),
        redis_url=environment.get("REDIS_URL", ""),
        switches=read_switches(environment.get("RELANCE_SWITCHES", "")),
        var_dir=Path(environment.get("RELANCE_VAR", "var")).absolute(),
        secret_key=environment.get("RELANCE_SECRET_KEY", ""),
        sms_url=environment.get("RELANCE_SMS_URL", ""),
        sms_token=environment.get("RELANCE_SMS_TOKEN", ""),
        http_port=_port("RELANCE_HTTP_PORT", environment.get("RELANCE_HTTP_PORT", "8080")),
        log_level=environment.get("RELANCE_LOG_LEVEL", "INFO").upper(),
        recordings=_recordings(environment.get("RELANCE_RECORDINGS", RECORDINGS_FOLDER)),
        recording_days=_whole("RELANCE_RECORDING_DAYS", environment, RECORDING_DAYS, 3650),
        phones=_phones(environment),
        pacing_log_months=_whole("RELANCE_PACING_LOG_MONTHS", environment, PACING_LOG_MONTHS, 120),
        sms_provider=_sms_provider(environment.get("RELANCE_SMS_PROVIDER", "http")),
        sms_from=environment.get("RELANCE_SMS_FROM", ""),
        public_url=environment.get("RELANCE_PUBLIC_URL", ""),
    )


def _sms_provider(text: str) -> SmsProvider:
    try:
        return SmsProvider(text)
    except ValueError:
        raise ConfigurationError(
            f"RELANCE_SMS_PROVIDER: must be one of {', '.join(SmsProvider)}"
        ) from None


def _phones(environment: Mapping[str, str]) -> PhoneSettings:
    urls = tuple(environment.get("RELANCE_WSS_URL", "").split())
    for url in urls:
        if not WSS_URL.fullmatch(url):
            raise ConfigurationError("RELANCE_WSS_URL: each must be wss://host[:port][/path]")
    first_host = urlsplit(urls[0]).hostname if urls else ""
    domain = environment.get("RELANCE_SIP_DOMAIN", "") or str(first_host)
    if domain and not DOMAIN.fullmatch(domain):
        raise ConfigurationError("RELANCE_SIP_DOMAIN: must be a host name or an address")
    secret = environment.get("RELANCE_DIRECTORY_SECRET", "")
    if secret and not SECRET.fullmatch(secret):
        raise ConfigurationError("RELANCE_DIRECTORY_SECRET: must be 16 to 200 of A-Z a-z 0-9 _.~-")
    if urls and not secret:
        raise ConfigurationError("RELANCE_DIRECTORY_SECRET: RELANCE_WSS_URL needs one")
    return PhoneSettings(urls, domain, secret)


def read_switches(text: str) -> tuple[SwitchSettings, ...]:
    """Switches from blank-separated `esl://name:password@host:port?customer=...&agent=...`.

    Blanks separate, since dial strings hold commas. Raises ConfigurationError.
    """
    switches = tuple(_switch(address) for address in text.split())
    names = [switch.name for switch in switches]
    if len(set(names)) != len(names):
        raise ConfigurationError("RELANCE_SWITCHES: two switches have one name")
    return switches


def _switch(address: str) -> SwitchSettings:
    url = urlsplit(address)
    where = f"RELANCE_SWITCHES: {url.hostname or 'a switch'}"
    if url.scheme != "esl" or not url.hostname:
        raise ConfigurationError(f"{where}: must be esl://name:password@host:port?...")
    password = unquote(url.password or "")
    if password in FORBIDDEN_PASSWORDS:
        raise ConfigurationError(f"{where}: a password other than the default must be set")
    query = parse_qs(url.query)
    customer = query.get("customer", ["sofia/gateway/carrier/{number}"])[0]
    agent = query.get("agent", ["user/{phone}"])[0]
    if "{number}" not in customer:
        raise ConfigurationError(f"{where}: customer= must hold {{number}}")
    if "{phone}" not in agent:
        raise ConfigurationError(f"{where}: agent= must hold {{phone}}")
    return SwitchSettings(
        name=NodeName(unquote(url.username or "") or url.hostname),
        host=url.hostname,
        port=_port(where, url.netloc.rpartition(":")[2] if _has_port(url.netloc) else "8021"),
        password=password,
        customer_dial=customer,
        agent_dial=agent,
        notice_path=query.get("notice", ["{notice}.wav"])[0],
        recording_path=_recording_path(where, query.get("recording", [RECORDINGS])[0]),
        confirm_path=query.get("confirm", [CONFIRM])[0],
        tap=_tap(where, query.get("tap", [TAP])[0]),
        trunks=tuple(_trunk(where, text) for text in query.get("trunk", [])),
        is_draining=query.get("drain", ["no"])[0] == "yes",
    )


def _recording_path(where: str, path: str) -> str:
    if "{recording}" not in path:
        raise ConfigurationError(f"{where}: recording= must hold {{recording}}")
    return path


def _tap(where: str, text: str) -> str:
    if text not in ("udp", "none") and not TAP_FOLDER.fullmatch(text):
        raise ConfigurationError(f"{where}: tap= must be an absolute folder, udp or none")
    return text


def _trunk(where: str, text: str) -> tuple[TrunkRules, str]:
    """`NAME,CALLS,CALLS_PER_S,DIAL`; 0 is no limit."""
    name, _, rest = text.partition(",")
    calls, _, rest = rest.partition(",")
    rate, _, dial = rest.partition(",")
    if not name or "{number}" not in dial or not (calls.isdecimal() and rate.isdecimal()):
        raise ConfigurationError(f"{where}: trunk= must be NAME,CALLS,CALLS_PER_S,DIAL")
    rules = TrunkRules(name, float(rate) or NO_LIMIT, float(calls) or NO_LIMIT, MAX_FAILURES)
    return rules, dial


def _has_port(netloc: str) -> bool:
    """Whether `user:password@host:port` ends with a port (an IPv6 address ends with a bracket)."""
    return ":" in netloc.rpartition("@")[2].rpartition("]")[2]


def _database_url(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    if url and not url.startswith("postgresql+psycopg2://"):
        raise ConfigurationError("DATABASE_URL: must start with postgresql://")
    return url


def _recordings(folder: str) -> str:
    root = folder.removesuffix("/{node}")
    if not root.startswith("/") or "{" in root:
        raise ConfigurationError(
            "RELANCE_RECORDINGS: must be an absolute folder, which may end in /{node}"
        )
    return folder


def _whole(name: str, environment: Mapping[str, str], default: int, most: int) -> int:
    text = environment.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= most:
        raise ConfigurationError(f"{name}: must be a whole number from 1 to {most}, not {text!r}")
    return int(text)


def _port(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 65536:
        raise ConfigurationError(f"{name}: must be a port number, not {text!r}")
    return int(text)
