"""Leads of an agent's own choice: which number is which lead, and which is none."""

import pytest
from sqlalchemy import func, select

from dialer.model.errors import BadInput
from dialer.store import claims, manual
from dialer.store.tables import CampaignRow, DoNotCall, LeadList, LeadRow


@pytest.fixture
def with_manual(world):
    with world.transaction() as session:
        session.get(CampaignRow, world.campaign_id).has_manual_calls = True
    return world


def lead_for(world, written):
    with world.transaction() as session:
        return manual.lead_for(session, world.campaign_id, written)


def search(world, text):
    with world.transaction() as session:
        return manual.search(session, world.campaign_id, text)


def test_a_typed_number_is_read_as_the_campaigns_country_writes_it(with_manual):
    lead_id = lead_for(with_manual, " 01 44 71.23-45 ")
    with with_manual.transaction() as session:
        row = session.get(LeadRow, lead_id)
        assert (row.number, row.time_zone, row.state) == ("+33144712345", "Europe/Paris", "NEW")


def test_a_number_that_the_campaign_knows_is_that_lead_in_whatever_list(with_manual):
    (known,) = with_manual.add_leads(1, number="+33144712345", n_attempts=3)
    assert lead_for(with_manual, "0144712345") == known


def test_typing_a_number_twice_makes_one_lead_in_one_list(with_manual):
    assert lead_for(with_manual, "0144712345") == lead_for(with_manual, "+33 1 44 71 23 45")
    lead_for(with_manual, "0144712346")
    with with_manual.transaction() as session:
        lists = session.scalars(select(LeadList).where(LeadList.is_manual)).all()
        assert len(lists) == 1
        assert session.scalar(select(func.count(LeadRow.id))) == 2


def test_nothing_but_an_agents_wish_dials_a_typed_number(with_manual):
    lead_id = lead_for(with_manual, "0144712345")
    assert with_manual.claim(n=10) == ()
    with with_manual.transaction() as session:
        assert claims.claim_one(session, with_manual.campaign_id, lead_id, 60.0, 0.0) is not None


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "no such number"),
        ("12", "no such number"),
        ("hello", "no such number"),
        ("0" * 500, "no such number"),
        ("01447\x0012345678901", "no such number"),
        ("0899123456", "of this kind"),
        ("0820123456", "of this kind"),
        ("+8816 12345678", "of this kind|no such number"),
        ("+870 773 111 632", "of this kind"),
    ],
)
def test_a_number_that_is_none_or_of_a_forbidden_kind_makes_no_lead(with_manual, written, fault):
    with pytest.raises(BadInput, match=f"^number: .*({fault})"):
        lead_for(with_manual, written)
    with with_manual.transaction() as session:
        assert session.scalar(select(func.count(LeadRow.id))) == 0


def test_a_number_on_a_do_not_call_list_makes_no_lead(with_manual):
    with with_manual.transaction() as session:
        session.add(DoNotCall(number="+33144712345", source="ADMIN"))
    with pytest.raises(BadInput, match="do-not-call"):
        lead_for(with_manual, "0144712345")


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"has_manual_calls": False}, "no manual calls"),
        ({"state": "PAUSED"}, "not running"),
    ],
)
def test_only_a_running_campaign_with_manual_calls_takes_numbers(with_manual, settings, fault):
    with with_manual.transaction() as session:
        row = session.get(CampaignRow, with_manual.campaign_id)
        for name, value in settings.items():
            setattr(row, name, value)
    for act in (lambda: lead_for(with_manual, "0144712345"), lambda: search(with_manual, "Awa")):
        with pytest.raises(BadInput, match=fault):
            act()


def test_the_manual_mode_needs_no_other_leave(world):
    with world.transaction() as session:
        session.get(CampaignRow, world.campaign_id).mode = "MANUAL"
    assert lead_for(world, "0144712345")


def test_a_search_finds_by_part_of_the_name_and_by_the_number_as_written(with_manual):
    (awa,) = with_manual.add_leads(1, number="+33144712345", name="Awa Diallo")
    with_manual.add_leads(1, first=7, name="Koffi 50%_x")
    for text in ("diallo", "Awa Di", "01 44 71 23 45", "+33144712345", "447123"):
        assert [one.lead_id for one in search(with_manual, text)] == [awa], text
    assert [one.name for one in search(with_manual, "50%_")] == ["Koffi 50%_x"]
    assert search(with_manual, "%%%") == ()


def test_a_search_shows_the_campaigns_own_leads_only_and_not_too_many(with_manual):
    with_manual.add_leads(30)
    assert len(search(with_manual, "Personne")) == manual.MOST_FOUND
    with pytest.raises(BadInput, match=r"^text: at least 3"):
        search(with_manual, " a ")
