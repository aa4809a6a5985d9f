from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialer.model.campaign import Window
from dialer.policy.calling_hours import is_holiday, is_open, next_opening
from dialer.policy.rule_sets import RULE_SETS

PARIS = "Europe/Paris"
ALWAYS = RULE_SETS["ANY"].windows
MORNINGS = (Window(frozenset(range(7)), 600, 720),)
NIGHTS = (Window(frozenset(range(7)), 150, 210),)


def at(text, zone=PARIS, fold=0):
    """UTC seconds of a local time."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.timestamp()


def is_french_open(text):
    return is_open("FR", RULE_SETS["FR"].windows, PARIS, at(text))


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-09-21T09:59:59", False),
        ("2026-09-21T10:00:00", True),
        ("2026-09-21T12:59:59", True),
        ("2026-09-21T13:00:00", False),
        ("2026-09-21T13:59:59", False),
        ("2026-09-21T14:00:00", True),
        ("2026-09-21T19:59:59", True),
        ("2026-09-21T20:00:00", False),
        ("2026-09-19T11:00:00", False),  # Saturday
        ("2026-09-20T11:00:00", False),  # Sunday
    ],
)
def test_french_hours_to_the_second(local, expected):
    assert is_french_open(local) is expected


@pytest.mark.parametrize(
    "day",
    ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "11-11", "12-25"],
)
def test_no_call_on_a_french_public_holiday(day):
    assert not is_french_open(f"2026-{day}T11:00:00")


def test_the_days_beside_a_holiday_are_open():
    assert is_french_open("2026-07-13T11:00:00")
    assert is_french_open("2026-07-15T11:00:00")


def test_the_holidays_of_a_year_are_these_eleven():
    year = (date(2026, 1, 1) + timedelta(days=i) for i in range(365))
    assert [day for day in year if is_holiday("FR", day, PARIS)] == [
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8),
        date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14), date(2026, 8, 15),
        date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "monday",
    ["1999-04-05", "2000-04-24", "2008-03-24", "2011-04-25", "2024-04-01", "2025-04-21",
     "2026-04-06", "2027-03-29", "2028-04-17", "2029-04-02", "2030-04-22", "2038-04-26"],
)  # fmt: skip
def test_easter_monday_is_the_known_one(monday):
    assert is_holiday("FR", date.fromisoformat(monday), PARIS)


def test_the_overseas_parts_of_france_have_holidays_of_their_own():
    """20 December 1848: the end of slavery in Réunion."""
    assert is_holiday("FR", date(2027, 12, 20), "Indian/Reunion")
    assert not is_holiday("FR", date(2027, 12, 20), PARIS)


@pytest.mark.parametrize(
    ("day", "place", "expected"),
    [
        ("2026-04-03", PARIS, False), ("2026-04-03", "Europe/Paris@57", True),  # Good Friday
        ("2026-12-26", "Europe/Paris@57", True), ("2026-12-26", PARIS, False),
        ("2026-07-14", "Europe/Paris@57", True),
    ],
)  # fmt: skip
def test_alsace_and_moselle_have_two_holidays_more(day, place, expected):
    assert is_holiday("FR", date.fromisoformat(day), place) is expected


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("day", "where", "elsewhere"),
    [
        ("2026-01-06", "BW BY ST", "NW BE"),  # Epiphany
        ("2026-03-08", "BE MV", "BY HH"),  # Women's Day
        ("2026-06-04", "BW BY HE NW RP SL SN TH", "BE HH"),  # Corpus Christi
        ("2026-08-15", "BY SL", "BW NW"),  # Assumption
        ("2026-09-20", "TH", "BY"),  # Children's Day
        ("2026-10-31", "BB HB HH MV NI SH SN ST TH", "BY BE"),  # Reformation Day
        ("2026-11-01", "BW BY NW RP SL", "HE BE"),  # All Saints
        ("2026-11-18", "SN", "BY TH"),  # Repentance and Prayer
        ("2026-08-08", "Augsburg", "BY"),
        ("2026-10-03", "BY NI BE", ""),
    ],
)
def test_german_holidays_are_those_of_the_states(day, where, elsewhere):
    at_day = date.fromisoformat(day)
    assert all(is_holiday("DE", at_day, f"{BERLIN}@{state}") for state in where.split())
    assert not any(is_holiday("DE", at_day, f"{BERLIN}@{state}") for state in elsewhere.split())
    is_anywhere = is_holiday("DE", at_day, BERLIN)
    assert is_anywhere is (where != "Augsburg")  # nobody knows the state: any one closes


def test_one_state_of_several_that_keeps_a_holiday_closes():
    noon = datetime(2026, 6, 4, 12, 0, tzinfo=ZoneInfo(BERLIN)).timestamp()
    windows = RULE_SETS["DE"].windows
    assert is_open("DE", windows, f"{BERLIN}@BE {BERLIN}@BB", noon)
    assert not is_open("DE", windows, f"{BERLIN}@BE {BERLIN}@BY", noon)
    opening = next_opening("DE", windows, f"{BERLIN}@BE {BERLIN}@BY", noon)
    assert opening == datetime(2026, 6, 5, 8, 0, tzinfo=ZoneInfo(BERLIN)).timestamp()


def test_a_holiday_counts_for_the_rule_set_whose_law_says_so_only():
    bastille = at("2026-07-14T11:00:00")
    assert is_open("", RULE_SETS["US"].windows, PARIS, bastille)
    assert not is_open("FR", ALWAYS, PARIS, bastille)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("America/New_York", False), ("America/Los_Angeles", False), (PARIS, True)],
)
def test_the_hours_are_those_of_the_leads_zone(zone, expected):
    noon_in_paris = at("2026-09-21T12:00:00")
    assert is_open("", RULE_SETS["US"].windows, zone, noon_in_paris) is expected


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_ten_o_clock_is_ten_o_clock_on_the_days_the_clock_changes(day):
    assert not is_open("", MORNINGS, PARIS, at(f"{day}T09:59:59"))
    assert is_open("", MORNINGS, PARIS, at(f"{day}T10:00:00"))
    assert next_opening("", MORNINGS, PARIS, at(f"{day}T00:30:00")) == at(f"{day}T10:00:00")


def test_a_window_that_begins_in_the_lost_hour_opens_when_the_clock_has_moved():
    """02:30 does not exist on 29 March 2026 in Paris; the window is open from 03:00 to 03:30."""
    before = at("2026-03-29T01:59:59")
    opening = next_opening("", NIGHTS, PARIS, before)
    assert opening is not None
    assert is_open("", NIGHTS, PARIS, opening)
    assert before < opening <= at("2026-03-30T02:30:00")


def test_an_hour_that_comes_twice_is_open_both_times():
    for fold in (0, 1):
        assert is_open("", NIGHTS, PARIS, at("2026-10-25T02:45:00", fold=fold))


@pytest.mark.parametrize(
    ("local", "opening"),
    [
        ("2026-09-21T11:00:00", "2026-09-21T11:00:00"),
        ("2026-09-21T13:30:00", "2026-09-21T14:00:00"),
        ("2026-09-21T20:00:00", "2026-09-22T10:00:00"),
        ("2026-09-18T20:00:00", "2026-09-21T10:00:00"),  # over the week-end
        ("2026-04-03T20:00:00", "2026-04-07T10:00:00"),  # and over Easter Monday
        ("2026-12-24T20:00:00", "2026-12-28T10:00:00"),
    ],
)
def test_the_next_opening(local, opening):
    assert next_opening("FR", RULE_SETS["FR"].windows, PARIS, at(local)) == at(opening)


def test_a_campaign_without_windows_never_opens():
    assert next_opening("FR", (), PARIS, at("2026-09-21T11:00:00")) is None


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", "Europe", "a\0b"])
def test_an_unknown_zone_is_an_error_that_callers_know(zone):
    with pytest.raises((KeyError, ValueError)):
        is_open("FR", RULE_SETS["FR"].windows, zone, 0.0)
