"""One row to one lead."""

from hypothesis import given
from hypothesis import strategies as st

from dialer.jobs.incoming import FIELD_LENGTH, NAME_LENGTH, RowReader, clean
from dialer.jobs.list_files import FileRow

HEADER = ("Nom", "Tel", "Ville")
READER = RowReader(HEADER, {"number": "Tel", "name": "Nom"}, "FR", False)


def read(*cells):
    return READER.read(FileRow(7, ";".join(cells), list(cells)))


def test_short_row_is_filled_and_long_row_with_content_is_rejected():
    assert read("Awa", "0612345678")[1:6] == ("+33612345678", "Europe/Paris", "Awa", "{}", "")
    assert read("Awa", "0612345678", "", "", " ")[5] == ""
    assert read("Awa", "0612345678", "", "x")[5:] == (
        "TOO_MANY_CELLS",
        "4 cells",
        "Awa;0612345678;;x",
    )


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_row_becomes_a_lead_or_a_reason(cells):
    row = read(*cells)
    assert row[0] == 7 and bool(row[1]) != bool(row[5])


@given(st.text())
def test_clean_text_is_one_visible_line(text):
    seen = clean(text, NAME_LENGTH)
    assert len(seen) <= NAME_LENGTH and seen == seen.strip()
    assert not set(seen) & set("\n\r\t\0\u202e\u200b\ufeff\u2028")


def test_long_field_is_cut():
    assert len(read("Awa", "0612345678", "x" * 5000)[4]) == FIELD_LENGTH + len('{"Ville":""}')
