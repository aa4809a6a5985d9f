"""A campaign's settings, with the bounds that the store's own checks hold: told, not repeated.

The recipients' consent is not among them: a person confirms it, on the campaign's page.
"""

from typing import Annotated, Any, Literal, get_origin

from pydantic import BaseModel, Field, create_model

from dialer.model.outcome import Outcome
from dialer.policy.rule_sets import RULE_SETS
from dialer.store import campaign_settings as store
from dialer.store.checks import CountBetween, NumberBetween, TextOf, WordOf, check_switch
from dialer.store.message_text import TEMPLATE_LENGTH, check_template
from web.api.schemas.base import Number, Sent, Shown, line

NOT_BY_PROGRAMS = frozenset({"has_consent"})
DAY_MIN = 1440


class WindowSent(Sent):
    """Calling hours of some weekdays, in the lead's own time zone."""

    weekdays: Annotated[
        list[Annotated[int, Field(ge=0, le=6)]], Field(max_length=7, description="0 is Monday")
    ]
    opens_min: Annotated[int, Field(ge=0, le=DAY_MIN, description="minutes after midnight")]
    closes_min: Annotated[int, Field(ge=0, le=DAY_MIN)]


class DestinationSent(Sent):
    """An outside number that agents may give customers to."""

    label: Annotated[str, line(1, store.LABEL_LENGTH)]
    number: Number


class RetryRuleSent(Sent):
    delay_s: Annotated[float, Field(ge=0, le=90 * store.DAY_S)]
    max_tries: Annotated[int, Field(ge=0, le=100)]


Sound = Annotated[
    str, Field(pattern=f"^({store.NOTICE.pattern})?$", description="name of a recording; or empty")
]
_BY_CHECK: dict[Any, Any] = {
    check_switch: bool,
    check_template: Annotated[str, Field(max_length=TEMPLATE_LENGTH)],
    store.check_name: Annotated[str, line(1, store.NAME_LENGTH)],
    store.check_pool: Annotated[str, line(0, store.NAME_LENGTH)],
    store.check_script: Annotated[str, Field(max_length=store.SCRIPT_LENGTH)],
    store.check_sound: Sound,
    store.check_sounds: Annotated[list[Sound], Field(max_length=20)],
    store.check_caller_ids: Annotated[
        list[Annotated[str, Field(pattern=f"^{store.CALLER_ID.pattern}$")]], Field(max_length=1000)
    ],
    store.check_opened: Annotated[
        list[Annotated[str, Field(pattern=f"^{store.OPENED.pattern}$")]], Field(max_length=50)
    ],
    store.check_recording_days: Annotated[int, Field(ge=1, le=store.MAX_DAYS)] | None,
    store.check_destinations: Annotated[
        list[DestinationSent], Field(max_length=store.MAX_DESTINATIONS)
    ],
    store.check_windows: Annotated[list[WindowSent], Field(max_length=50)] | None,
    store.check_retry_rules: dict[Outcome, RetryRuleSent],
}


def kind_of(check: Any) -> Any:
    """The schema of what a check admits."""
    match check:
        case NumberBetween(low, high):
            return Annotated[float, Field(ge=low, le=high)]
        case CountBetween(low, high):
            return Annotated[int, Field(ge=low, le=high)]
        case TextOf(pattern):
            return Annotated[str, Field(pattern=f"^{pattern.pattern}$")]
        case WordOf(words):
            return words
        case _:
            return _BY_CHECK[check]


_KINDS = {
    name: kind_of(check) for name, check in store.CHECKS.items() if name not in NOT_BY_PROGRAMS
} | {"rule_set": Literal[tuple(RULE_SETS)]}  # type: ignore[valid-type]


def _unbound(kind: Any) -> Any:
    """What a row may hold, whatever the bounds were when it was written."""
    if get_origin(kind) is Literal:
        return str
    return kind.__origin__ if hasattr(kind, "__metadata__") else kind


SettingsSent: type[BaseModel] = create_model(
    "SettingsSent", __base__=Sent, __doc__="Only what is given changes.",
    **{name: (kind, None) for name, kind in _KINDS.items()},
)  # fmt: skip
SettingsShown: type[BaseModel] = create_model(
    "SettingsShown", __base__=Shown,
    __doc__="How a campaign dials. `null` hours are those of the rule set.",
    **{name: (_unbound(kind), ...) for name, kind in _KINDS.items()},
)  # fmt: skip
