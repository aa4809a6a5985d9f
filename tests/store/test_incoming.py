"""Messages that people send: stored once, and who asks for no more is blocked at all numbers."""

import pytest
from sqlalchemy import select
from store_facts import NOON

from dialer.model.errors import BadInput
from dialer.model.events import NumberBlocked
from dialer.model.message import ChannelKind
from dialer.store import contacts, do_not_call, erasure, incoming
from dialer.store.instants import instant
from dialer.store.messages import may_be_sent
from dialer.store.tables import (
    DoNotCall,
    Identity,
    IncomingMessageRow,
    LeadRow,
    MessageRow,
)
from dialer.store.timeline import timeline

MOBILE, OTHER = "+33612345678", "+33612345679"


@pytest.fixture
def receive(world):
    """What the dialer is to be told of a message."""

    def one(text="STOP", number=MOBILE, provider_id="m1", now=NOON):
        with world.transaction() as session:
            return incoming.take_in(session, ChannelKind.SMS, provider_id, number, text, now)

    return one


@pytest.fixture
def write_to(world):
    """A message that was sent after an attempt, or waits to be."""

    def one(attempt_id, number, **columns):
        with world.transaction() as session:
            lead = session.scalars(select(LeadRow)).one()
            session.add(
                MessageRow(
                    attempt_id=attempt_id, lead_id=lead.id, campaign_id=lead.campaign_id,
                    day=instant(NOON).date(), number=number, text="Rappelez-nous", **columns,
                )
            )  # fmt: skip

    return one


def blocked(world):
    with world.factory() as session:
        rows = session.execute(select(DoNotCall.number, DoNotCall.campaign_id, DoNotCall.source))
        return set(map(tuple, rows))


def for_all(*numbers):
    return {(number, None, "REPLY") for number in numbers}


def stored(world):
    with world.factory() as session:
        return session.scalars(select(IncomingMessageRow)).all()


def test_stop_blocks_every_number_of_the_contact_and_comes_to_the_dialer(world, receive):
    with world.transaction() as session:
        me = contacts.ensure(session, OTHER, "Awa")
        session.add(Identity(kind="PHONE", value=MOBILE, contact_id=me))
    assert set(receive("Stop svp")) == {NumberBlocked(MOBILE), NumberBlocked(OTHER)}
    assert blocked(world) == for_all(MOBILE, OTHER)
    with world.factory() as session:
        wish, line = timeline(session, me)
        assert (wish.kind, wish.word) == ("WITHDRAWAL", "REPLY"), "one, of both numbers"
        assert (line.kind, line.word, line.text) == ("INCOMING", "OPT_OUT", "Stop svp")
        assert (line.number, line.campaign) == (MOBILE, "")


def test_before_there_is_a_contact_the_answered_message_tells_who_it_is(world, write_to, receive):
    world.add_leads(1, number=OTHER, other_numbers=[MOBILE])
    world.dial("a1")
    write_to("a1", MOBILE, sent_at=instant(NOON), state="SENT")
    receive()
    assert blocked(world) == for_all(MOBILE, OTHER)
    with world.factory() as session:
        _wish, line = timeline(session, contacts.ensure(session, MOBILE))
        assert line.campaign == "Essai"


def test_a_message_that_waits_is_not_sent_any_more(world, write_to, receive):
    world.add_leads(1, number=MOBILE)
    world.dial("a1")
    write_to("a1", MOBILE)
    with world.factory() as session:
        waiting = session.scalars(select(MessageRow)).one()
        assert may_be_sent(session, waiting)
        receive()
        assert not may_be_sent(session, waiting)
    assert stored(world)[0].answers_id is None, "nobody answers what was not sent"


def test_the_same_message_again_changes_nothing(world, receive):
    assert receive() and receive() is None
    with world.transaction() as session:
        do_not_call.remove(session, MOBILE)
    assert receive() is None and blocked(world) == set()
    assert receive(provider_id="m2") == (NumberBlocked(MOBILE),)
    assert len(stored(world)) == 2


def test_anything_else_is_kept_and_blocks_nobody(world, receive):
    assert receive("stop by my office tomorrow") == ()
    (row,) = stored(world)
    assert (row.text, row.is_opt_out, row.number) == ("stop by my office tomorrow", False, MOBILE)
    assert blocked(world) == set()


def test_who_is_forgotten_leaves_no_word_behind(world, receive):
    receive("C'est Awa, rappelez-moi")
    receive("Je suis un autre", OTHER, "m2")
    with world.transaction() as session:
        erasure.forget(session, MOBILE, NOON, None)
    mine, others = sorted(stored(world), key=lambda row: row.provider_id)
    assert (mine.number, mine.text) == (f"forgotten:{mine.id}", "")
    assert (others.number, others.text) == (OTHER, "Je suis un autre")
    assert receive("C'est Awa, rappelez-moi") is None, "not even if it comes again"


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        ("+33612345678", MOBILE), ("33612345678", MOBILE), ("0033 6 12 34 56 78", MOBILE),
        ("36105", None), ("RELANCE", None), ("1800FLOWERS", None), ("+1800FLOWERS", None),
        ("+3361234", None), ("٣٣٦١٢٣٤٥٦٧٨", None), ("9" * 200, None), ("", None),
        ("+", None), ("+336\n12345678; DROP", None),
    ],
)  # fmt: skip
def test_a_sender_is_a_number_in_full_or_no_person(sender, number):
    assert incoming.sender_number(sender) == number


def test_a_number_without_its_country_is_an_error_of_the_provider():
    with pytest.raises(BadInput, match=r"^from: must be international"):
        incoming.sender_number("06 12 34 56 78")
