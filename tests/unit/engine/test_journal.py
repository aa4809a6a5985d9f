from floor import START

from dialer.bus.codec import encode
from dialer.engine.journal import Journal
from dialer.model.commands import FinishCampaign, RefillHopper
from dialer.model.events import LegAnswered


def written(*notes):
    lines = []
    journal = Journal(lines.append, encode)
    for note in notes:
        journal.note(*note)
    return b"".join(lines)


def test_an_event_and_its_commands_are_one_line_each():
    assert written((START, LegAnswered("c"), [RefillHopper(1, 5, 60.0), FinishCampaign(1)])) == (
        b'1000.000000 < {"type":"LegAnswered","leg_id":"c"}\n'
        b'1000.000000 > {"type":"RefillHopper","campaign_id":1,"n_leads":5,"lease_s":60.0}\n'
        b'1000.000000 > {"type":"FinishCampaign","campaign_id":1}\n'
    )


def test_deadlines_have_commands_but_no_event_and_silence_writes_nothing():
    assert written((START, None, [FinishCampaign(1)])).startswith(b"1000.000000 > ")
    assert written((START, None, [])) == b""
