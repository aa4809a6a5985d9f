"""Numbers: the fast pattern says what the library says, and overseas France is elsewhere."""

from random import Random

import phonenumbers
import pytest

from dialer.model.errors import BadInput
from dialer.store.number_patterns import pattern_of
from dialer.store.numbers import (
    _OVERSEAS,
    _by_library,
    check_region,
    checked_number,
    normalised,
    zone_of,
)


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
        ("06 12 34 56 78", "MA", "+212612345678", "Africa/Casablanca"),
        ("0639 01 23 45", "FR", "+262639012345", "Indian/Mayotte"),
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


REGIONS = (
    "FR", "BJ", "BE", "CH", "CI", "GB", "LU", "MA", "SN", "TG", "TN", "CA", "US", "DE", "ES", "IT",
    "NL", "PT", "RE", "GP",
)  # fmt: skip


@pytest.mark.parametrize("region", REGIONS)
def test_what_a_pattern_accepts_the_library_reads_as_the_same_number(region):
    random = Random(f"numbers:{region}")
    code = str(phonenumbers.country_code_for_region(region))
    example = str(phonenumbers.example_number(region).national_number)
    n_decided = 0
    for _ in range(2000):
        start = random.choice(["", "0", "1", "8", f"+{code}", f"00{code}", code, f"+{code}0"])
        kept = random.randrange(len(example))
        n_digits = max(0, len(example) - kept + random.choice([-1, 0, 0, 0, 0, 1]))
        written = start + example[:kept] + "".join(random.choices("0123456789", k=n_digits))
        found = pattern_of(region)
        match = found and found[0].fullmatch(written)
        n_decided += bool(match)
        if not (region == "FR" and _OVERSEAS.fullmatch(written)):
            assert normalised(written, region) == _by_library(written, region), written
    assert n_decided > 50 or region in ("US", "CA")


def test_regions_and_forms_are_checked():
    assert check_region("BJ") == "BJ" and checked_number("+33612345678")
    for bad in ("fr", "XX", ""):
        with pytest.raises(BadInput, match=r"^region: "):
            check_region(bad)
    for bad in ("0612345678", "+0612345678", "+33 6", "+33612345678\n", "+" + "1" * 20):
        with pytest.raises(BadInput, match=r"^number: "):
            checked_number(bad)


def test_a_number_that_may_be_in_several_zones_has_them_all():
    """A toll-free number rings anywhere in North America."""
    zones = zone_of("+18005550100", "US").split(" ")
    assert {"America/New_York", "America/Los_Angeles"} <= set(zones) and zones == sorted(zones)
    assert zone_of("+12125550100", "US") == "America/New_York"
