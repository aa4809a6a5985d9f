"""Numbers: the fast pattern says what the library says, and overseas France is elsewhere."""

from random import Random

import pytest

from dialer.model.errors import BadInput
from dialer.store.numbers import _by_library, check_region, checked_number, normalised, zone_of


@pytest.mark.parametrize(
    ("written", "region", "number", "zone"),
    [
        ("06 12 34 56 78", "FR", "+33612345678", "Europe/Paris"),
        ("06.12.34.56.78", "FR", "+33612345678", "Europe/Paris"),
        ("+33 (0)6 12 34 56 78", "FR", "+33612345678", "Europe/Paris"),
        ("0033612345678", "BJ", "+33612345678", "Europe/Paris"),
        ("612345678", "FR", "+33612345678", "Europe/Paris"),  # a spreadsheet ate the zero
        ("06\u00a012\u202f34\u201056-78", "FR", "+33612345678", "Europe/Paris"),
        ("0692 12 34 56", "FR", "+262692123456", "Indian/Reunion"),
        ("0690 34 56 78", "FR", "+590690345678", "America/Guadeloupe"),
        ("0590 56 05 55", "FR", "+590590560555", "America/Guadeloupe"),
        ("+229 01 97 00 00 00", "FR", "+2290197000000", "Africa/Porto-Novo"),
        ("0195000000", "BJ", "+2290195000000", "Africa/Porto-Novo"),
        ("+1 415 555 2671", "FR", "+14155552671", "America/Los_Angeles"),
        ("+221 77 123 45 67", "FR", "+221771234567", "Africa/Dakar"),
    ],
)
def test_number_and_zone(written, region, number, zone):
    assert normalised(written, region) == number
    assert zone_of(number, region) == zone


@pytest.mark.parametrize(
    "written",
    ["", "0", "bonjour", "0612", "06123456789012", "97000000", "=1+1", "+33612345678;ext=5",
     "6.12E+08", "+0612345678", "٠٦١٢٣٤٥٦٧٨" + "9" * 40, "0" * 100_000],
)  # fmt: skip
def test_what_is_no_number_is_none(written):
    assert normalised(written, "FR") is None


@pytest.mark.parametrize(
    "written", ["97000000", "22997000000", "+229 97 00 00 00", "0022997000000"]
)
def test_old_numbers_of_benin_are_rewritten_on_request(written):
    assert normalised(written, "BJ", has_old_benin=True) == "+2290197000000"


@pytest.mark.parametrize("region", ["FR", "BJ"])
def test_fast_pattern_agrees_with_the_library(region):
    random = Random(f"numbers:{region}")
    for _ in range(3000):
        start = "0" if region == "FR" else random.choice(["01", "0", ""])
        written = start + "".join(random.choices("0123456789", k=9 if region == "FR" else 8))
        fast = normalised(written, region)
        slow = _by_library(written, region)
        assert fast == slow or (region == "FR" and not str(fast).startswith("+33"))


def test_regions_and_forms_are_checked():
    assert check_region("BJ") == "BJ" and checked_number("+33612345678")
    for bad in ("fr", "XX", ""):
        with pytest.raises(BadInput, match=r"^region: "):
            check_region(bad)
    for bad in ("0612345678", "+0612345678", "+33 6", "+33612345678\n", "+" + "1" * 20):
        with pytest.raises(BadInput, match=r"^number: "):
            checked_number(bad)
