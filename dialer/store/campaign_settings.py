"""What each setting of a campaign may be: one check per name, one message per fault.

Used both when a person changes a setting and when a row is read, so that a hand-made row cannot
smuggle in what the screen refuses. Messages start with the name of the setting.
"""

import re
from collections.abc import Mapping
from typing import Any

from dialer.model.amd import AmdProfile
from dialer.model.campaign import (
    Basis,
    Destination,
    LeadOrder,
    PacingMode,
    PreviewEnd,
    RecordingMode,
    RetryRule,
    Window,
)
from dialer.model.errors import BadInput
from dialer.model.outcome import Outcome
from dialer.model.screening import MachineAction
from dialer.policy.abandon import ABANDON_RULES, rule_of
from dialer.store.checks import Check, CountBetween, NumberBetween, TextOf, WordOf, check_switch
from dialer.store.message_text import check_template
from dialer.store.numbers import checked_destination

DAY_S = 86_400.0
MAX_DAYS = 3650
MAX_WINDOW_DAYS = 61
"""Tries of a person are remembered so long, and longer than any law asks."""
MAX_DESTINATIONS = 30
LABEL_LENGTH = 60
NAME_LENGTH = 200
SCRIPT_LENGTH = 100_000
NOTICE = re.compile(r"[A-Za-z0-9_-]{1,64}")
OPENED = re.compile(r"\+[1-9][0-9]{2,14}")
CALLER_ID = re.compile(r"\+?[0-9]{3,15}")
RULE_SET = re.compile(r"[A-Z][A-Z0-9_]{0,31}")


def check_name(name: str, value: object) -> str:
    """The campaign's name, without blanks round it."""
    text = value.strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= NAME_LENGTH or not text.isprintable():
        raise BadInput(f"{name}: must be 1 to {NAME_LENGTH} printable characters")
    return text


def check_script(name: str, value: object) -> str:
    """What the agent reads."""
    if not isinstance(value, str) or len(value) > SCRIPT_LENGTH or "\0" in value:
        raise BadInput(f"{name}: must be a text of at most {SCRIPT_LENGTH} characters")
    return value


def check_pool(name: str, value: object) -> str:
    """Name of the pool, without blanks round it; empty for none."""
    return "" if value == "" else check_name(name, value)


def check_caller_ids(name: str, value: object) -> list[str]:
    """Numbers to show, E.164 or a short number."""
    if not isinstance(value, (list, tuple)) or len(value) > 1000:
        raise BadInput(f"{name}: must be a list of at most 1000 numbers")
    return [TextOf(CALLER_ID)(name, number) for number in value]


def check_opened(name: str, value: object) -> list[str]:
    """Beginnings of numbers of a forbidden kind that the campaign calls nevertheless."""
    if not isinstance(value, (list, tuple)) or len(value) > 50:
        raise BadInput(f"{name}: must be a list of at most 50 beginnings of numbers")
    return [TextOf(OPENED)(name, beginning) for beginning in value]


def check_recording_days(name: str, value: object) -> int | None:
    """Days for which recordings are kept; nothing: the installation's number."""
    return None if value in (None, "") else int(CountBetween(1, MAX_DAYS)(name, value))


def check_sound(name: str, value: object) -> str:
    """Name of a recording on the switch, or nothing."""
    return "" if value == "" else str(TextOf(NOTICE)(name, value))


def check_sounds(name: str, value: object) -> list[str]:
    """Names of recordings."""
    if not isinstance(value, (list, tuple)) or len(value) > 20:
        raise BadInput(f"{name}: must be a list of at most 20 names")
    return [TextOf(NOTICE)(name, sound) for sound in value]


def check_destinations(name: str, value: object) -> list[dict[str, str]]:
    """Outside numbers that agents may give customers to, each under a label of its own."""
    if not isinstance(value, (list, tuple)) or len(value) > MAX_DESTINATIONS:
        raise BadInput(f"{name}: must be a list of at most {MAX_DESTINATIONS} destinations")
    found = [_destination(name, one) for one in value]
    if len({one["label"] for one in found}) < len(found):
        raise BadInput(f"{name}: two destinations have one label")
    return found


def _destination(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or set(value) != {"label", "number"}:
        raise BadInput(f"{name}: a destination has label and number")
    label, number = value["label"], value["number"]
    if not isinstance(label, str) or not isinstance(number, str):
        raise BadInput(f"{name}: a destination has label and number")
    label = label.strip()
    if not 0 < len(label) <= LABEL_LENGTH or not label.isprintable():
        raise BadInput(f"{name}: a label has 1 to {LABEL_LENGTH} printable characters")
    try:
        return {"label": label, "number": checked_destination(number)}
    except BadInput as error:
        raise BadInput(
            f"{name}: {label!r} must have a valid international number, not premium or satellite"
        ) from error


def check_windows(name: str, value: object) -> list[dict[str, object]] | None:
    """Calling hours as the row keeps them; None leaves them to the rule set."""
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) > 50:
        raise BadInput(f"{name}: must be a list of windows, or nothing")
    return [_window(name, window) for window in value]


def _window(name: str, value: object) -> dict[str, object]:
    if not isinstance(value, Mapping) or set(value) != {"weekdays", "opens_min", "closes_min"}:
        raise BadInput(f"{name}: a window has weekdays, opens_min and closes_min")
    if not isinstance(value["weekdays"], (list, tuple, set, frozenset)):
        raise BadInput(f"{name}: weekdays must be a list, 0 for Monday")
    weekdays = sorted({CountBetween(0, 6)(name, day) for day in value["weekdays"]})
    opens = CountBetween(0, 1440)(name, value["opens_min"])
    closes = CountBetween(0, 1440)(name, value["closes_min"])
    if opens >= closes:
        raise BadInput(f"{name}: a window must open before it closes")
    return {"weekdays": weekdays, "opens_min": opens, "closes_min": closes}


def check_retry_rules(name: str, value: object) -> dict[str, dict[str, float]]:
    """Delay and number of tries by outcome name."""
    if not isinstance(value, Mapping):
        raise BadInput(f"{name}: must name outcomes")
    return {_outcome(name, word): _retry(name, rule) for word, rule in value.items()}


def _outcome(name: str, word: object) -> str:
    if word not in list(Outcome):
        raise BadInput(f"{name}: {word!r} is no outcome; they are {', '.join(Outcome)}")
    return str(word)


def _retry(name: str, rule: object) -> dict[str, float]:
    if not isinstance(rule, Mapping) or set(rule) != {"delay_s", "max_tries"}:
        raise BadInput(f"{name}: each outcome takes delay_s and max_tries")
    return {
        "delay_s": NumberBetween(0, 90 * DAY_S)(name, rule["delay_s"]),
        "max_tries": CountBetween(0, 100)(name, rule["max_tries"]),
    }


CHECKS: Mapping[str, Check] = {
    "name": check_name,
    "mode": WordOf(PacingMode),
    "ratio": NumberBetween(1, 10),
    "abandon_target": NumberBetween(0, max(rule.most for rule in ABANDON_RULES.values())),
    "ring_timeout_s": NumberBetween(15, 120),
    "answer_limit_s": NumberBetween(0.2, 10),
    "notice": TextOf(NOTICE),
    "wrap_up_limit_s": NumberBetween(1, 3600),
    "max_lines": CountBetween(1, 10_000),
    "max_lines_per_agent": NumberBetween(1, 20),
    "max_calls_per_s": NumberBetween(0.1, 1000),
    "hopper_size": CountBetween(1, 100_000),
    "preview_limit_s": NumberBetween(5, 1800),
    "lead_order": WordOf(LeadOrder),
    "preview_end": WordOf(PreviewEnd),
    "preview_skips": CountBetween(0, 100),
    "has_manual_calls": check_switch,
    "caller_ids": check_caller_ids,
    "caller_pool": check_pool,
    "pool": check_pool,
    "pool_weight": NumberBetween(0.01, 100),
    "rule_set": TextOf(RULE_SET),
    "windows": check_windows,
    "basis": WordOf(Basis),
    "max_attempts": CountBetween(1, 100),
    "keeps_holidays": check_switch,
    "min_gap_s": NumberBetween(0, 30 * DAY_S),
    "cap_most": CountBetween(0, 100),
    "cap_within_s": NumberBetween(3600, MAX_WINDOW_DAYS * DAY_S),
    "opened_destinations": check_opened,
    "callback_wait_s": NumberBetween(0, DAY_S),
    "retry_rules": check_retry_rules,
    "recording": WordOf(RecordingMode),
    "recording_days": check_recording_days,
    "machine_message": check_sound,
    "amd": WordOf(AmdProfile),
    "machine_action": WordOf(MachineAction),
    "amd_check_share": NumberBetween(0.01, 1),
    "amd_budget": NumberBetween(0.001, 0.03),
    "sounds": check_sounds,
    "destinations": check_destinations,
    "max_outside_legs": CountBetween(0, 100),
    "max_outside_per_h": CountBetween(0, 10_000),
    "broadcast_message": check_sound,
    "has_consent": check_switch,
    "message_template": check_template,
    "script": check_script,
}
"""The allow-list: a name that is not here cannot be set."""


def checked(settings: Mapping[str, object]) -> dict[str, Any]:
    """`settings` in the form the row keeps. Raises BadInput naming the setting."""
    if unknown := sorted(set(settings) - set(CHECKS)):
        raise BadInput(f"{unknown[0]}: no such setting")
    found = {name: CHECKS[name](name, value) for name, value in settings.items()}
    if "abandon_target" in found and "rule_set" in found:
        _check_target(found["abandon_target"], found["rule_set"])
    return found


def _check_target(target: float, rule_set: str) -> None:
    """What one law allows another forbids: known once the rule set is."""
    most = rule_of(rule_set).most
    if target > most:
        raise BadInput(f"abandon_target: must be from 0 to {most:g} under the rules of {rule_set}")


def windows_of(stored: object) -> tuple[Window, ...] | None:
    """Windows of the model from the row's form."""
    windows = check_windows("windows", stored)
    if windows is None:
        return None
    return tuple(_model_window(window) for window in windows)


def _model_window(window: Mapping[str, Any]) -> Window:
    return Window(frozenset(window["weekdays"]), window["opens_min"], window["closes_min"])


def destinations_of(stored: object) -> tuple[Destination, ...]:
    """Destinations of the model from the row's form."""
    return tuple(Destination(**one) for one in check_destinations("destinations", stored))


def retry_rules_of(stored: object) -> dict[str, RetryRule]:
    """Retry rules of the model from the row's form."""
    rules = check_retry_rules("retry_rules", stored)
    return {word: RetryRule(r["delay_s"], int(r["max_tries"])) for word, r in rules.items()}
