"""A minute's decisions come back as they were packed, whatever fields they have."""

import zlib

import orjson
import pytest

from dialer.model.errors import BadInput
from dialer.model.minute import Decided
from dialer.model.snapshot import PacingView
from dialer.store import pacing_series
from dialer.store.pacing_series import pack, unpack


def view(n):
    return PacingView(
        n_dialed=n % 3, n_free=2, n_soon_free=1.25, n_ringing=9 + n, expected_answers=2.5,
        answer_rate=0.3104, theta=0.02101, risk=0.02377, bank=-1.5, limit="risk",
        n_agents=12, n_waiting=n % 2, n_leads=180, n_lines_left=40, n_calls_allowed=10,
    )  # fmt: skip


MINUTE = tuple(Decided(n * 0.5, "PREDICTIVE", 0.028, view(n)) for n in range(120))


def test_decisions_come_back_in_order_with_every_field():
    rows = unpack(pack(MINUTE))
    assert len(rows) == 120
    assert rows[5]["at_s"] == 2.5
    assert (rows[5]["mode"], rows[5]["target"]) == ("PREDICTIVE", 0.028)
    for name in PacingView.__dataclass_fields__:
        assert [row[name] for row in rows] == [getattr(one.view, name) for one in MINUTE]


def test_a_minute_takes_little_room():
    assert len(pack(MINUTE)) < 4000


def test_a_field_that_an_older_minute_lacks_is_absent():
    old = {"version": 1, "columns": {"at_s": [0.0, 0.5], "n_free": [1, 2]}}
    assert unpack(zlib.compress(orjson.dumps(old))) == (
        {"at_s": 0.0, "n_free": 1},
        {"at_s": 0.5, "n_free": 2},
    )


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"nonsense",
        zlib.compress(b"nonsense"),
        zlib.compress(b"[]"),
        zlib.compress(b'{"version": 2, "columns": {}}'),
        zlib.compress(b'{"version": 1}'),
        zlib.compress(b'{"version": 1, "columns": {"a": [1], "b": []}}'),
        pack(MINUTE)[:-20],
    ],
)
def test_what_was_not_packed_here_is_refused(packed):
    with pytest.raises(BadInput, match="pacing series"):
        unpack(packed)


def test_a_series_without_end_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(pacing_series, "MOST_BYTES", 1000)
    with pytest.raises(BadInput, match="pacing series"):
        unpack(pack(MINUTE))
