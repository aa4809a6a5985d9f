"""Patterns that decide most written numbers at once, made from the tables of `phonenumbers`.

What a pattern accepts, the library accepts as the same number (a property test holds that for each
region of the interface); what it does not accept is left to the library, some twenty times slower.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata

_KINDS = ("mobile", "fixed_line", "toll_free", "premium_rate", "shared_cost", "personal_number",
          "voip", "pager", "uan", "voicemail")  # fmt: skip
LARGEST = 5000
"""Characters of a plan's pattern past which it is no faster than the library."""


@lru_cache(maxsize=16)
def pattern_of(region: str) -> tuple[re.Pattern[str], str] | None:
    """What a number of `region` looks like without its noise, and the code before that.

    None where the library rewrites national numbers, and where a plan is so large (that of North
    America lists each area) that the library is as fast.
    """
    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None or plan.country_code is None or plan.national_prefix_transform_rule:
        return None
    code, national = plan.country_code, plan.national_prefix or ""
    numbers = "|".join(_numbers_of(code))
    if len(numbers) > LARGEST:
        return None
    abroad = rf"\+{code}" + (f"|00{code}" if plan.international_prefix == "00" else "")
    unstripped = (
        f"(?!{plan.national_prefix_for_parsing})" if plan.national_prefix_for_parsing else ""
    )
    before = f"(?:{abroad})?{unstripped}" + (f"|{re.escape(national)}" if national else "")
    return re.compile(f"(?:{before})(?P<national>{numbers})", re.ASCII), f"+{code}"


def _numbers_of(code: int) -> list[str]:
    """Forms of the national numbers of every region with the code, each with its lengths."""
    found = []
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        plan = PhoneMetadata.metadata_for_region(region)
        assert plan is not None
        for kind in _KINDS:
            desc = getattr(plan, kind)
            if desc is not None and desc.national_number_pattern not in (None, "NA"):
                found.append(_of_kind(plan, desc))
    return list(dict.fromkeys(found))


def _of_kind(plan: PhoneMetadata, desc: phonenumbers.PhoneNumberDesc) -> str:
    """`desc`'s numbers that the plan's general form and the leading digits let through."""
    lengths = "|".join(f"[0-9]{{{n}}}" for n in desc.possible_length if n > 0)
    general = plan.general_desc.national_number_pattern if plan.general_desc else ".*"
    leading = f"(?={plan.leading_digits})" if plan.leading_digits else ""
    return f"(?=(?:{lengths})$)(?=(?:{general})$){leading}(?:{desc.national_number_pattern})"
