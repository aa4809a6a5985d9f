import pytest

from dialer.model.campaign import Campaign, PacingMode
from dialer.policy.caller_id import CallerNumber, caller_id_for, choose, may_show

NUMBERS = ("+33100000001", "+33100000002", "+33100000003")


def test_a_lead_sees_the_same_number_each_time():
    assert len({caller_id_for(17, NUMBERS) for _ in range(5)}) == 1


def test_all_numbers_are_shown_about_as_often():
    shown = [caller_id_for(lead, NUMBERS) for lead in range(300)]
    assert {shown.count(number) for number in NUMBERS} == {100}


def test_a_campaign_without_numbers_shows_none():
    assert caller_id_for(17, ()) == ""


# --- pools ----------------------------------------------------------------------------------------

PARIS, LYON, ANYWHERE = "+33162000001", "+33424000001", "+33948000001"
CALLED = "+33142345678"


def pool(**n_today):
    """Three numbers of France, one of each region, as often shown today as said."""
    return [
        CallerNumber(PARIS, "+331", 3, n_today.get("paris", 0)),
        CallerNumber(LYON, "+334", 3, n_today.get("lyon", 0)),
        CallerNumber(ANYWHERE, "", 0, n_today.get("anywhere", 0)),
    ]


def chosen(numbers, called=CALLED, before="", **settings):
    found = choose(called, numbers, before, Campaign(1, "c", rule_set="FR", **settings))
    return found.number if found else None


def test_the_number_of_the_persons_region_comes_first():
    assert chosen(pool()) == PARIS
    assert chosen(pool(), "+33472345678") == LYON


def test_a_number_that_has_been_shown_enough_today_rests():
    assert chosen(pool(paris=2)) == PARIS
    assert chosen(pool(paris=3, anywhere=9)) == LYON, "of those of no near region the least used"


def test_a_person_sees_the_number_again_that_he_saw_first():
    assert chosen(pool(), before=LYON) == LYON
    assert chosen(pool(lyon=3), before=LYON) == PARIS, "unless it has none left"


def test_none_is_left_when_all_have_been_shown_enough():
    assert chosen(pool(paris=3, lyon=3)[:2]) is None


@pytest.mark.parametrize(
    ("number", "mode", "is_shown"),
    [
        ("+33612345678", PacingMode.PREDICTIVE, False), ("+33612345678", PacingMode.MANUAL, False),
        ("+33155667788", PacingMode.PREDICTIVE, False), ("+33155667788", PacingMode.MANUAL, True),
        ("+33162000001", PacingMode.PREDICTIVE, True), ("+33947600001", PacingMode.RATIO, True),
    ],
)  # fmt: skip
def test_what_a_machine_and_an_agent_may_show_in_france(number, mode, is_shown):
    assert may_show(number, Campaign(1, "c", rule_set="FR", mode=mode)) is is_shown
    assert may_show(number, Campaign(1, "c", rule_set="US", mode=mode))
