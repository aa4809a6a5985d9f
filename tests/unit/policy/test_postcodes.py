"""Golden table: one row per edge of a zone, of a state, and of the way people write postcodes."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.german_states import ALL, states_of_number, states_of_postcode
from dialer.policy.places import places_in
from dialer.policy.postcodes import places_of_postcode

NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"
DENVER, LOS_ANGELES = "America/Denver", "America/Los_Angeles"


def both(*zones):
    return " ".join(sorted(zones))


@pytest.mark.parametrize(
    ("country", "postcode", "places"),
    [
        ("FR", "75011", "Europe/Paris"), ("FR", "01000", "Europe/Paris"),
        ("FR", "1000", "Europe/Paris"), ("FR", "20000", "Europe/Paris"),
        ("FR", "57000", "Europe/Paris@57"), ("FR", "67000", "Europe/Paris@57"),
        ("FR", "68 100", "Europe/Paris@57"), ("FR", "F-69003", "Europe/Paris"),
        ("FR", "97110", "America/Guadeloupe"), ("FR", "97133", "America/St_Barthelemy"),
        ("FR", "97150", "America/Marigot"), ("FR", "97200", "America/Martinique"),
        ("FR", "97300", "America/Cayenne"), ("FR", "97410", "Indian/Reunion"),
        ("FR", "97500", "America/Miquelon"), ("FR", "97600", "Indian/Mayotte"),
        ("FR", "98600", "Pacific/Wallis"), ("FR", "98800", "Pacific/Noumea"),
        ("FR", "98000", "Europe/Monaco"),
        ("FR", "98700", "Pacific/Gambier Pacific/Marquesas Pacific/Tahiti"),
        ("FR", "750", ""), ("FR", "2A004", ""), ("FR", "", ""), ("FR", "١٢٣٤٥", ""),
        ("US", "10001", NEW_YORK), ("US", "2134", NEW_YORK), ("US", "90210-1234", LOS_ANGELES),
        ("US", "902101234", LOS_ANGELES), ("US", "00901", "America/Puerto_Rico"),
        ("US", "32301", NEW_YORK), ("US", "32401", both(NEW_YORK, CHICAGO)),
        ("US", "32501", CHICAGO), ("US", "37203", CHICAGO),
        ("US", "37402", both(NEW_YORK, CHICAGO)),
        ("US", "37902", NEW_YORK), ("US", "42101", CHICAGO), ("US", "40202", NEW_YORK),
        ("US", "46204", NEW_YORK), ("US", "46402", both(NEW_YORK, CHICAGO)),
        ("US", "49801", both(NEW_YORK, CHICAGO)), ("US", "60601", CHICAGO),
        ("US", "57701", both(CHICAGO, DENVER)), ("US", "69301", both(CHICAGO, DENVER)),
        ("US", "79901", DENVER), ("US", "79830", both(CHICAGO, DENVER)), ("US", "78701", CHICAGO),
        ("US", "80202", DENVER), ("US", "83501", both(DENVER, LOS_ANGELES)),
        ("US", "83814", LOS_ANGELES), ("US", "85001", "America/Phoenix"),
        ("US", "86001", both("America/Phoenix", DENVER)), ("US", "88510", DENVER),
        ("US", "89101", LOS_ANGELES), ("US", "89835", both(DENVER, LOS_ANGELES)),
        ("US", "97914", both(DENVER, LOS_ANGELES)), ("US", "98101", LOS_ANGELES),
        ("US", "96813", "Pacific/Honolulu"), ("US", "99501", "America/Adak America/Anchorage"),
        ("US", "99801", "America/Anchorage"), ("US", "09001", ""), ("US", "34001", ""),
        ("CA", "A1A 1A1", "America/Goose_Bay America/St_Johns"),
        ("CA", "B3H4R2", "America/Halifax"),
        ("CA", "H2X 1Y4", "America/Toronto"), ("CA", "R3C", "America/Winnipeg"),
        ("CA", "P0L 1A0", "America/Toronto America/Winnipeg"),
        ("CA", "S4P 3Y2", "America/Edmonton America/Regina"), ("CA", "t2p 1j9", "America/Edmonton"),
        ("CA", "V6B 1A1", "America/Dawson_Creek America/Edmonton America/Vancouver"),
        ("CA", "D1A 1A1", ""), ("CA", "12345", ""),
        ("DE", "80331", "Europe/Berlin@BY"), ("DE", "1067", "Europe/Berlin@BB Europe/Berlin@SN"),
        ("DE", "10115", "Europe/Berlin@BE"), ("DE", "86150", 
         "Europe/Berlin@BW Europe/Berlin@BY Europe/Berlin@Augsburg"),
        ("DE", "96515", "Europe/Berlin@BY Europe/Berlin@TH"), ("DE", "D-20095", "Europe/Berlin@HH"),
        ("DE", "05000", ""), ("DE", "123", ""),
        ("BJ", "01BP", ""), ("GB", "SW1A 1AA", ""),
    ],
)  # fmt: skip
def test_places_of_a_postcode(country, postcode, places):
    assert places_of_postcode(country, postcode) == places


@given(st.sampled_from(["FR", "US", "CA", "DE", "GB"]), st.text(max_size=12))
def test_whatever_is_written_every_zone_exists(country, written):
    found = places_of_postcode(country, written)
    assert {place.partition("@")[0] for place in places_in(found) if found} <= available_timezones()


@pytest.mark.parametrize("country", ["FR", "US", "DE"])
def test_each_beginning_of_a_postcode_names_zones_that_exist(country):
    known = {
        place for n in range(1000) for place in places_of_postcode(country, f"{n:03}50").split()
    }
    assert known and {place.partition("@")[0] for place in known} <= available_timezones()


def test_every_state_of_germany_is_found_by_postcode_and_by_number():
    by_code = {state for n in range(100) for state in states_of_postcode(f"{n:02}000")}
    by_number = {state for n in range(20, 100) for state in states_of_number(f"+49{n}1234567")}
    assert by_code == by_number == set(ALL)


@pytest.mark.parametrize("number", ["+4915123456789", "+4917612345678", "+331234567", "+498001234"])
def test_a_number_that_may_be_anywhere_names_no_state(number):
    assert states_of_number(number) == []
