"""Files cut into blocks of whole records: the same rows as the csv module finds."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.jobs.imports import records
from dialer.jobs.imports.records import BLOCK_BYTES, MAX_RECORD, blocks_of, rows_in
from dialer.model.errors import BadInput

CELL = st.text(alphabet='ab é"\n\r\t,;\\0', max_size=8)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """The rows of a file, cut into blocks of some bytes."""

    def rows(text, block_bytes=1 << 20, delimiter=";", codec="utf-8"):
        monkeypatch.setattr(records, "BLOCK_BYTES", block_bytes)
        path = tmp_path / "list"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found = blocks_of(path, codec, delimiter)
        return [row for block in found for row in rows_in(block, codec, delimiter)]

    return rows


@given(
    table=st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=12),
    block_bytes=st.integers(200, 400),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_cut_gives_the_rows_of_the_csv_module(
    tmp_path_factory, table, block_bytes, quoting, end
):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=quoting, lineterminator=end).writerows(table)
    text = out.getvalue()
    path = tmp_path_factory.mktemp("cut") / "list"
    path.write_bytes(text.encode())
    was, records.BLOCK_BYTES = records.BLOCK_BYTES, block_bytes
    try:
        rows = [row for block in blocks_of(path, "utf-8", ";")
                for row in rows_in(block, "utf-8", ";")]  # fmt: skip
    finally:
        records.BLOCK_BYTES = was
    wanted = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row.cells or [""] for row in rows] == [cells or [""] for cells in wanted]
    assert [row.number for row in rows] == list(range(1, len(wanted) + 1))


@pytest.mark.parametrize("block_bytes", [8, 9, 10, 11, 1 << 20])
def test_lines_of_old_files_end_with_a_carriage_return(written, block_bytes):
    rows = written("tel;nom\r1;a\r2;b\r", block_bytes)
    assert [(row.number, row.cells) for row in rows] == [
        (1, ["tel", "nom"]), (2, ["1", "a"]), (3, ["2", "b"]),
    ]  # fmt: skip


def test_a_line_is_kept_as_the_file_has_it(written):
    rows = written('a;"b\nc"\r\n"d"\n')
    assert [(row.line, row.cells) for row in rows] == [('a;"b\nc"', ["a", "b\nc"]), ('"d"', ["d"])]


def test_a_long_line_is_a_bad_row_among_good_ones(written):
    rows = written("tel\n" + "x" * (MAX_RECORD + 1) + "\n0612345678\n")
    assert [(row.number, row.is_cut) for row in rows] == [(1, False), (2, True), (3, False)]


@pytest.mark.parametrize("tail", ["", 'x"\n'], ids=["never closed", "closed much later"])
def test_a_quote_that_swallows_the_rows_below_is_told_with_its_row(written, tail):
    swallowed = "0612345678;Awa\n" * 9_000
    with pytest.raises(BadInput) as raised:
        written('tel;nom\n1;a\n2;"b\n' + swallowed + tail)
    assert raised.value.code == "FILE_RECORD_TOO_LONG" and raised.value.fields["row"] == 2


def test_of_a_large_file_some_blocks_are_in_memory(tmp_path):
    path = tmp_path / "list"
    path.write_bytes(b"0612345678;Awa\n" * 2_000_000)
    tracemalloc.start()
    try:
        n_rows = sum(block.data.count(b"\n") for block in blocks_of(path, "utf-8", ";"))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_rows == 2_000_000 and most < 6 * BLOCK_BYTES < path.stat().st_size / 4


def test_a_file_without_line_ends_does_not_fill_the_memory(written):
    with pytest.raises(BadInput) as raised:
        written("x" * 5_000, block_bytes=1000)
    assert raised.value.code == "FILE_RECORD_TOO_LONG"
