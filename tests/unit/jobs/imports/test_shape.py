"""What a list's file is: encodings, delimiters, headers; workbooks and archives that lie."""

import codecs
import io
import zipfile

import pytest
import xlsxwriter

from dialer.jobs.imports import archives, shape, workbooks
from dialer.jobs.imports.shape import blocks, data_rows, forget, shape_of
from dialer.model.errors import BadInput

LIST = "Prénom;Téléphone\nZoé;0612345678\nÉlie;0612345679\n"


@pytest.fixture
def looked_at(tmp_path):
    """The shape of a file that holds `content`."""

    def look(content):
        path = tmp_path / "7"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return shape_of(path)

    return look


def cells(found):
    return [row.cells for block in blocks(found) for row in data_rows(found, block)]


def refused(looked_at, content):
    with pytest.raises(BadInput) as raised:
        looked_at(content)
    return raised.value


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8"]
)
@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_encoding_and_delimiter_are_found(looked_at, encoding, delimiter):
    found = looked_at(LIST.replace(";", delimiter).encode(encoding))
    assert (found.header, found.delimiter) == (("Prénom", "Téléphone"), delimiter)
    assert cells(found) == [["Zoé", "0612345678"], ["Élie", "0612345679"]]
    assert found.encoding == encoding


def test_one_broken_byte_does_not_make_utf_8_another_encoding(looked_at):
    found = looked_at(LIST.encode() + b"Andr\xe9;0612345670\n")
    assert found.encoding == "utf-8" and found.header == ("Prénom", "Téléphone")
    assert cells(found)[-1] == ["Andr\udce9", "0612345670"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"\n;;\n", "FILE_NO_HEADER"),
        (b"%PDF-1.7\x01\x02\x03\x04\x05\x06" * 9, "FILE_NOT_TEXT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(1, 9)) * 50, "FILE_NOT_TEXT"),
        ((";".join(f"c{i}" for i in range(300)) + "\n").encode(), "FILE_TOO_MANY_COLUMNS"),
        (b"PK\x03\x04 not an archive", "ARCHIVE_BROKEN"),
    ],
    ids=["empty", "blank", "pdf", "xls", "wide", "zip"],
)
def test_an_unfit_file_is_refused_by_code(looked_at, content, code):
    assert refused(looked_at, content).code == code


def test_a_file_that_is_too_large_is_not_read(looked_at, monkeypatch):
    monkeypatch.setattr(shape, "MAX_BYTES", 10)
    told = refused(looked_at, b"tel\n0612345678\n")
    assert (told.code, told.fields) == ("FILE_TOO_LARGE", {"size": 15, "most": 10})


@pytest.mark.parametrize(
    ("content", "header", "header_row", "n_rows"),
    [
        ("Export du 12/03\n\nNom;Tel\nA;0612345678\n", ("Nom", "Tel"), 3, 1),
        ("Clients;;\nVille;Nom;GSM\nLyon;A;0612345678\n", ("Ville", "Nom", "GSM"), 2, 1),
        ("Nom;Divers\nA;x\nB;y\n", ("Nom", "Divers"), 1, 2),
        ("A;0612345678\nB;0612345679\n", ("column 1", "column 2"), 0, 2),
        ("0612345678\n0612345679\n", ("column 1",), 0, 2),
        ("Tel;;Tel\n1;2;3\n", ("Tel", "column 2", "Tel (3)"), 1, 1),
    ],
    ids=["title", "banner", "unknown names", "none", "one column", "gaps"],
)
def test_the_header_is_found_where_it_stands(looked_at, content, header, header_row, n_rows):
    found = looked_at(content)
    assert (found.header, found.header_row, len(cells(found))) == (header, header_row, n_rows)


def workbook(fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_worksheet())
    return out.getvalue()


def test_a_workbook_s_rows_count_as_the_spreadsheet_s_do(looked_at):
    def fill(book, sheet):
        sheet.write_row(2, 0, ["Nom", "Mobile"])
        sheet.write_row(3, 0, ["Awa", 612345678])
        sheet.write_row(5, 0, ["Bio", "0612345679"])

    found = looked_at(workbook(fill))
    rows = [(row.number, row.cells) for block in blocks(found) for row in data_rows(found, block)]
    assert (found.encoding, found.header_row) == ("xlsx", 3)
    assert rows == [(4, ["Awa", "612345678"]), (6, ["Bio", "0612345679"])]


def test_formulas_give_their_values_and_merged_cells_their_first(looked_at):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["Nom", "Mobile", "Ville"])
        sheet.write_row(1, 0, ["Awa", "", "Lyon"])
        sheet.write_formula(1, 1, '="06"&"12345678"', None, "0612345678")
        sheet.merge_range(2, 0, 3, 0, "Bio")
        sheet.write(2, 1, "0612345679")
        sheet.write(4, 0, "Coco")
        sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")

    found = looked_at(workbook(fill))
    assert cells(found)[:2] == [["Awa", "0612345678", "Lyon"], ["Bio", "0612345679"]]
    assert cells(found)[-1] == ["Coco", ""]  # an error is no value


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def test_the_one_list_of_an_archive_is_taken_out(looked_at, tmp_path):
    found = looked_at(packed(list_csv=LIST, readme_md="x"))
    assert cells(found) == [["Zoé", "0612345678"], ["Élie", "0612345679"]]
    assert {path.name for path in tmp_path.iterdir()} == {"7", "7.unpacked"}
    forget(tmp_path / "7")
    assert [path.name for path in tmp_path.iterdir()] == ["7"]


def test_an_archive_may_hold_a_workbook(looked_at):
    book = workbook(lambda book, sheet: sheet.write_column(0, 0, ["tel", "0612345678"]))
    found = looked_at(packed(list_xlsx=book))
    assert (found.encoding, cells(found)) == ("xlsx", [["0612345678"]])


@pytest.mark.parametrize("members", [{}, {"a_csv": LIST, "b_csv": LIST}, {"a_exe": "x"}])
def test_an_archive_with_no_list_or_several_is_refused(looked_at, members):
    assert refused(looked_at, packed(readme_md="x", **members)).code == "ARCHIVE_CONTENT"


def test_an_archive_in_an_archive_is_refused(looked_at):
    assert refused(looked_at, packed(a_csv=packed(b_csv=LIST))).code == "ARCHIVE_CONTENT"


def test_a_zip_bomb_is_left_alone_after_the_first_bytes_too_many(looked_at, monkeypatch, tmp_path):
    monkeypatch.setattr(shape, "MAX_BYTES", 3_000_000)
    bomb = packed(list_csv=b"0" * 200_000_000)
    told = refused(looked_at, bomb)
    assert (told.code, told.fields) == ("UNPACKED_TOO_LARGE", {"most": 3_000_000})
    assert (tmp_path / "7.unpacked").stat().st_size <= 3_000_000


def test_a_workbook_that_is_a_bomb_is_refused(looked_at, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 100_000)
    book = workbook(lambda book, sheet: sheet.write_column(0, 0, ["x" * 99] * 5000))
    assert refused(looked_at, book).code == "UNPACKED_TOO_LARGE"


def test_two_cells_in_opposite_corners_are_two_cells(looked_at):
    """Two kilobytes; whoever makes a rectangle of them has 49 million cells."""

    def fill(book, sheet):
        sheet.write(0, 0, "tel")
        sheet.write(2_999, 16_383, "far")

    found = looked_at(workbook(fill))
    (last,) = [row for block in blocks(found) for row in data_rows(found, block)]
    assert (found.header, last.number, last.cells[-1]) == (("tel",), 3_000, "far")


def test_a_workbook_that_needs_more_memory_than_it_may_is_refused(looked_at, monkeypatch, tmp_path):
    monkeypatch.setattr(workbooks, "MAX_MEMORY", 1_000_000)
    book = workbook(lambda book, sheet: sheet.write(0, 0, "tel"))
    assert refused(looked_at, book).code == "WORKBOOK_TOO_COSTLY"
    assert not (tmp_path / "7.half").exists()


def test_a_workbook_whose_sheet_is_not_as_its_header_says_is_refused(looked_at):
    book = bytearray(workbook(lambda book, sheet: sheet.write(0, 0, "tel")))
    with zipfile.ZipFile(io.BytesIO(bytes(book))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    for place in range(len(book) - 4):
        if book[place : place + 4] == size.to_bytes(4, "little"):
            book[place : place + 4] = (size - 40).to_bytes(4, "little")
    assert refused(looked_at, bytes(book)).code == "WORKBOOK_BROKEN"


def test_a_workbook_is_written_out_once(looked_at, tmp_path, monkeypatch):
    book = workbook(lambda book, sheet: sheet.write_column(0, 0, ["tel", "0612345678"]))
    looked_at(book)
    monkeypatch.setattr(workbooks, "write_csv", None)
    assert cells(shape_of(tmp_path / "7")) == [["0612345678"]]


def test_an_archive_that_lists_too_many_files_is_refused_unread(looked_at, monkeypatch):
    monkeypatch.setattr(archives, "MAX_DIRECTORY", 500)
    told = refused(looked_at, packed(**{f"{i}_csv": "" for i in range(10)}))
    assert (told.code, told.fields) == ("ARCHIVE_BROKEN", {"why": "it lists too many files"})


def test_a_byte_order_mark_is_no_part_of_the_first_name(looked_at):
    assert looked_at(codecs.BOM_UTF8 + LIST.encode()).header[0] == "Prénom"
