import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.places import first_zone, joined, places_in, zone_written

PLACES = st.sampled_from(["Europe/Paris", "Europe/Paris@57", "Indian/Reunion", "Europe/Berlin@BY"])


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (("Europe/Paris", ""), "Europe/Paris"),
        (("Europe/Paris", "Indian/Reunion"), "Europe/Paris Indian/Reunion"),
        (("Europe/Paris", "Europe/Paris@57"), "Europe/Paris@57"),
        (("Europe/Paris@B Europe/Paris@A", "Europe/Paris"), "Europe/Paris@A Europe/Paris@B"),
    ],
)  # fmt: skip
def test_what_several_facts_say_is_joined(known, expected):
    assert joined(*known) == expected


@given(st.lists(PLACES, min_size=1, max_size=4), st.randoms())
def test_the_order_of_the_facts_is_nothing_and_no_zone_is_lost(known, chance):
    told = joined(*known)
    chance.shuffle(known)
    assert joined(*known) == told == joined(told)
    assert {place.partition("@")[0] for place in places_in(told)} == {
        place.partition("@")[0] for place in known
    }


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"), (" Indian/Reunion ", "Indian/Reunion"), ("UTC", "UTC"),
        ("UTC+2", "Etc/GMT-2"), ("+02:00", "Etc/GMT-2"), ("GMT-5", "Etc/GMT+5"),
        ("-0500", "Etc/GMT+5"),
        ("+14", "Etc/GMT-14"), ("-13", None), ("+0", "UTC"), ("+05:30", None), ("Europe", None),
        ("Mars/Base", None), ("", None), ("../../etc/passwd", None), ("CEST", None),
    ],
)  # fmt: skip
def test_a_written_zone(written, zone):
    assert zone_written(written) == zone


def test_the_first_zone_is_one_that_a_clock_knows():
    assert first_zone("Europe/Berlin@BB Europe/Berlin@BE") == "Europe/Berlin"
