"""Workbooks as rows of text, whatever program or stranger made them."""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from dialer.model.errors import BadInput
from dialer.workbook import sheet, texts
from dialer.workbook.__main__ import write_csv

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MOST = 10_000_000


def relations(**targets):
    inner = "".join(
        f'<Relationship Id="{kind}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def parts(rows, shared="", **others):
    """A workbook by hand: `rows` and `shared` are what stands within sheetData and sst."""
    return {
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            worksheet="worksheets/sheet1.xml", sharedStrings="/xl/sharedStrings.xml"
        ),
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    } | others  # fmt: skip


@pytest.fixture
def rows_of(tmp_path):
    def read(content, most_unpacked=MOST, most_written=MOST):
        path, target = tmp_path / "book", tmp_path / "book.csv"
        if isinstance(content, dict):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, text in content.items():
                    archive.writestr(name, text)
        else:
            path.write_bytes(content)
        write_csv(path, target, most_unpacked, most_written)
        with target.open(encoding="utf-8", newline="") as out:
            return list(csv.reader(out, delimiter=";"))

    return read


def refused(rows_of, *content, **limits):
    with pytest.raises(BadInput) as raised:
        rows_of(*content, **limits)
    return raised.value


def made(fill, **options):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True} | options) as book:
        fill(book, book.add_worksheet())
    return out.getvalue()


@pytest.mark.parametrize("is_1904", [False, True])
def test_numbers_are_digits_and_dates_are_dates_by_their_format(rows_of, is_1904):
    def fill(book, page):
        day, hours = book.add_format({"num_format": 14}), book.add_format({"num_format": "[h]:mm"})
        french = book.add_format({"num_format": '[$-40C]d mmmm "des jours" yyyy'})
        euros = book.add_format({"num_format": '#,##0.00 "dhs"'})
        page.write_row(0, 0, [33612345678, 3.5, 1e300, True])
        page.write_datetime(1, 0, date(2026, 8, 11), day)
        page.write_datetime(1, 1, datetime(2026, 8, 11, 9, 30), french)
        page.write_datetime(1, 2, time(9, 30), book.add_format({"num_format": "hh:mm"}))
        page.write_datetime(1, 3, timedelta(hours=30), hours)
        page.write_number(1, 4, 12, euros)

    first, second = rows_of(made(fill, date_1904=is_1904))
    assert first == ["33612345678", "3.5", str(int(1e300)), "True"]
    assert second == ["2026-08-11", "2026-08-11T09:30:00", "09:30:00", "30:00:00", "12"]


def test_the_first_days_of_1900_come_out_as_the_spreadsheet_shows_them(rows_of):
    def fill(book, page):
        day = book.add_format({"num_format": 14})
        for row, serial in enumerate((1, 59, 61)):
            page.write_number(row, 0, serial, day)

    assert rows_of(made(fill)) == [["1900-01-01"], ["1900-02-28"], ["1900-03-01"]]


def test_texts_come_out_whole_and_only_as_written(rows_of):
    shared = (
        '<si><t xml:space="preserve"> Zoé &amp; Élie </t></si>'
        "<si><r><t>Ri</t></r><r><rPr><b/></rPr><t>ch</t></r><rPh><t>no</t></rPh></si>"
        "<si><t>_x0041__x0000_</t></si><si/>"
    )
    rows = (
        '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="s"><v>1</v></c></row><row>'
        '<c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="inlineStr"><is><t>in</t></is></c>'
        '<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c t="e"><v>#N/A</v></c><c s="9"/></row>'
    )
    assert rows_of(parts(rows, shared)) == [
        [], ["", " Zoé & Élie ", "", "Rich"], ["A", "", "in", "ab", ""],
    ]  # fmt: skip


def test_names_with_prefixes_and_other_places_of_parts_are_read(rows_of):
    content = parts("")
    content["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="str"><x:v>here</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    moved = {name.replace("workbook.xml", "book2.xml"): text for name, text in content.items()}
    moved["_rels/.rels"] = relations(officeDocument="/xl/book2.xml")
    assert rows_of(moved) == [["here"]]


def test_texts_that_are_far_apart_are_found(rows_of, monkeypatch):
    monkeypatch.setattr(texts, "_KEPT", 3)
    shared = "".join(f"<si><t>{i:0300}</t></si><si><t>é{i}</t></si>" for i in range(100))
    order = [7 * i % 200 for i in range(200)]
    rows = "".join(f'<row><c t="s"><v>{i}</v></c></row>' for i in order)
    assert rows_of(parts(rows, shared)) == [
        [f"é{i // 2}" if i % 2 else f"{i // 2:0300}"] for i in order
    ]


@pytest.mark.parametrize(
    ("rows", "shared", "why"),
    [
        ('<row><c t="s"><v>1</v></c></row>', "<si/>", "it has no text 1"),
        ('<row><c t="s"><v>-1</v></c></row>', "<si/>", "it has no text -1"),
        ('<row><c t="s"><v>x</v></c></row>', "", "invalid literal for int"),
        ('<row r="3"/><row r="2"/>', "", "row 2 after row 3"),
        ('<row r="1048577"/>', "", "row 1048577 after row 0"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "", "row 1 has a cell past the last"),
        ('<row><c r="é1"><v>1</v></c></row>', "", "no column is called 'é'"),
        ('<row><c r="11"><v>1</v></c></row>', "", "a cell without a column"),
        ("<row>", "", "XML: mismatched tag"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused_with_the_reason(rows_of, rows, shared, why):
    told = refused(rows_of, parts(rows, shared))
    assert told.code == "WORKBOOK_BROKEN" and str(told.fields["why"]).startswith(why)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"xl/workbook.xml": "<workbook/>"}, "no sheet"),
        ({"_rels/.rels": relations(officeDocument="xl/workbook.bin")}, "a binary workbook"),
        ({"xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "XML: a document"),
        ({"xl/sharedStrings.xml": f"<sst><si a='{'x' * 3_000_000}'/></sst>"}, "XML: a tag without"),
    ],
)
def test_a_part_that_is_no_workbook_s_is_refused(rows_of, change, why):
    told = refused(rows_of, parts("", **change))
    assert told.code == "WORKBOOK_BROKEN" and str(told.fields["why"]).startswith(why)


def test_a_cell_is_no_longer_than_a_spreadsheet_s(rows_of):
    longest = "x" * texts.MAX_CELL
    content = '<row><c t="str"><v>{}</v></c></row>'
    assert rows_of(parts(content.format(longest))) == [[longest]]
    assert refused(rows_of, parts(content.format(longest + "x"))).code == "CELL_TOO_LONG"
    shared = parts('<row><c t="s"><v>0</v></c></row>', f"<si><t>{longest}x</t></si>")
    assert refused(rows_of, shared).code == "CELL_TOO_LONG"


def test_more_texts_than_there_is_room_for_are_refused(rows_of, monkeypatch):
    monkeypatch.setattr(texts, "MAX_TEXTS", 3)
    assert rows_of(parts("<row/>", "<si/>" * 3)) == [[]]
    assert refused(rows_of, parts("<row/>", "<si/>" * 4)).code == "TOO_MANY_TEXTS"


def test_what_is_unpacked_and_what_is_written_are_bounded(rows_of):
    bomb = parts("<row/>", "<si/>" * 100_000)
    assert refused(rows_of, bomb, most_unpacked=100_000).fields == {"most": 100_000}
    wide = parts('<row><c r="XFD1"><v>1</v></c></row><row><c r="XFD2"><v>1</v></c></row>')
    assert refused(rows_of, wide, most_written=sheet.MAX_COLUMNS).code == "UNPACKED_TOO_LARGE"
