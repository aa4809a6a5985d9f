from dialer.policy.caller_id import caller_id_for

NUMBERS = ("+33100000001", "+33100000002", "+33100000003")


def test_a_lead_sees_the_same_number_each_time():
    assert len({caller_id_for(17, NUMBERS) for _ in range(5)}) == 1


def test_all_numbers_are_shown_about_as_often():
    shown = [caller_id_for(lead, NUMBERS) for lead in range(300)]
    assert {shown.count(number) for number in NUMBERS} == {100}


def test_a_campaign_without_numbers_shows_none():
    assert caller_id_for(17, ()) == ""
