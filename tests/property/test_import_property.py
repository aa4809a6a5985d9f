"""Whatever a file holds, each of its rows ends in exactly one count."""

import csv
import io
from dataclasses import astuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from dialer.jobs.imports import check_list, import_list
from dialer.store import campaigns, do_not_call, import_batches
from dialer.store.session import transaction
from dialer.store.tables import LeadList, LeadRow, RejectedRow

NUMBERS = [f"06123456{i:02d}" for i in range(12)]
BLOCKED = ["+33612345601", "+33612345602"]
NUMBER = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(["", " ", "12", "6,12345603E+08", "6.1E+08", "+33 6 12 34 56 04", "\0"]),
    st.text(max_size=12),
)
TEXT = st.one_of(st.just("x"), st.text(alphabet='a;"\n\r\t\\é\0\u202e', max_size=6))
ROW = st.one_of(
    st.tuples(NUMBER, TEXT),
    st.tuples(NUMBER),
    st.tuples(NUMBER, TEXT, TEXT),
    st.just(("tel", "nom")),
)


@pytest.fixture
def campaign_id(session_factory):
    with transaction(session_factory) as session:
        do_not_call.add_many(session, BLOCKED, "IMPORT")
        return campaigns.create_campaign(session, "Essai").id


def file_of(rows, encoding):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([("tel", "nom"), *rows])
    return out.getvalue().encode(encoding, "replace")


@given(
    rows=st.lists(ROW, max_size=30),
    broken=st.binary(max_size=4),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    dedupe=st.sampled_from(["LIST", "CAMPAIGN", "EVERYWHERE"]),
    batch=st.integers(1, 40),
)
@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # an import takes too long to be shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_accepted_rejected_duplicate_and_blocked_rows_are_all_rows(
    session_factory, campaign_id, tmp_path, monkeypatch, rows, broken, encoding, dedupe, batch
):
    monkeypatch.setattr(import_batches, "BATCH_ROWS", batch)
    path = tmp_path / "list"
    path.write_bytes(file_of(rows, encoding) + broken.replace(b'"', b""))
    with transaction(session_factory) as session:
        session.execute(text("DELETE FROM leads"))
        row = LeadList(campaign_id=campaign_id, name="L", dedupe=dedupe,
                       mapping={"tel": "number", "nom": "name"})  # fmt: skip
        session.add(row)
        session.flush()
        list_id = row.id
    forecast = check_list(session_factory, list_id, path)
    counts = import_list(session_factory, list_id, path)
    n_read, *parts = astuple(counts)
    assert n_read == sum(parts)
    assert counts.facts() == {name: n for name, n in forecast.items() if name.startswith("n_")}
    with session_factory() as session:
        leads = select(func.count()).select_from(LeadRow).where(LeadRow.list_id == list_id)
        kept = select(func.count()).select_from(RejectedRow).filter_by(list_id=list_id)
        assert session.scalar(leads) == counts.n_inserted
        assert session.scalar(kept) == counts.n_duplicate + counts.n_blocked + counts.n_rejected
        blocked = select(LeadRow.id).where(LeadRow.number.in_(BLOCKED))
        assert session.scalars(blocked).all() == []
