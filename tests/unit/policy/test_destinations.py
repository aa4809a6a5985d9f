import pytest

from dialer.policy.destinations import FORBIDDEN, may_reach


@pytest.mark.parametrize(
    "number",
    ["+881612345678", "+870773123456", "+882161234567", "+33899123456", "+19005551234",
     "+447012345678", "+449098765432", "+979123456789", "+491371234567"],
)  # fmt: skip
def test_satellite_and_premium_numbers_are_not_reached(number):
    assert not may_reach(number)


@pytest.mark.parametrize(
    "number",
    ["+33612345678", "+33180123456", "+33801234567", "+2290161234567", "+447911123456",
     "+19175551234", "+4915112345678", "+41791234567", "+32470123456"],
)  # fmt: skip
def test_ordinary_numbers_are(number):
    assert may_reach(number)


def test_each_beginning_is_international():
    assert all(prefix[0] == "+" and prefix[1:].isdigit() for prefix in FORBIDDEN)
