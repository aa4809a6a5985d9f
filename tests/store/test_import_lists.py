"""List import: hostile files, honest counts, whole or nothing."""

import codecs

import pytest
import xlsxwriter
from sqlalchemy import func, select, text
from store_facts import NOON

from dialer.jobs.imports import import_list, preview
from dialer.model.errors import BadInput
from dialer.store.tables import LeadList, LeadRow, RejectedRow

HEADER = "Nom;Téléphone;Ville\n"
GOOD = HEADER + "Awa;06 12 34 56 78;Lyon\nBio;+229 01 97 00 00 00;Cotonou\n"


@pytest.fixture
def importing(world, tmp_path):
    """Imports `content` (text or bytes) into a new list, or into the one given."""

    def run(content, list_id=None, **facts):
        facts = {"state": "UPLOADED", **facts}
        list_id = list_id or world.add_list(**facts)
        path = tmp_path / str(list_id)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list_id, import_list(world.factory, list_id, path, lambda n: None)

    return run


def table(world, *columns, **where):
    with world.factory() as session:
        rows = select(*columns).filter_by(**where).order_by(columns[0])
        return session.execute(rows).all()


def refused(world, importing, content, match, **facts):
    """The import fails with a clear message and leaves nothing behind."""
    with pytest.raises(BadInput, match=match):
        importing(content, **facts)
    with world.factory() as session:
        batch = session.scalars(select(LeadList).order_by(LeadList.id.desc())).first()
        assert batch.state == "FAILED" and batch.error and batch.finished_at
        assert batch.n_read == batch.n_inserted == 0
        for kind in (LeadRow, RejectedRow):
            assert session.scalar(select(func.count()).select_from(kind)) == 0


def adds_up(counts):
    parts = counts.n_inserted, counts.n_updated, counts.n_duplicate, counts.n_rejected
    assert counts.n_read == sum(parts)
    return parts


def test_good_file_becomes_leads_that_can_be_claimed(world, importing):
    list_id, counts = importing(GOOD)
    assert adds_up(counts) == (2, 0, 0, 0)
    rows = table(world, LeadRow.number, LeadRow.name, LeadRow.time_zone, LeadRow.fields)
    assert rows == [
        ("+2290197000000", "Bio", "Africa/Porto-Novo", {"Ville": "Cotonou"}),
        ("+33612345678", "Awa", "Europe/Paris", {"Ville": "Lyon"}),
    ]
    batch = world.get(LeadList, list_id)
    assert (batch.state, batch.n_read, batch.encoding) == ("READY", 2, "utf-8")
    assert batch.mapping == {"number": "Téléphone", "name": "Nom"}
    assert [lead.name for lead in world.claim(5, NOON + 10 * 365 * 86_400)] == ["Awa", "Bio"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-8"])
@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_encoding_and_delimiter_are_found(importing, world, encoding, delimiter):
    content = "Prénom;Téléphone\nZoé;0612345678\nÉlie;0612345679\n".replace(";", delimiter)
    _, counts = importing(content.encode(encoding))
    assert adds_up(counts) == (2, 0, 0, 0)
    assert table(world, LeadRow.name) == [("Zoé",), ("Élie",)]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "empty"),
        (b"\n", "header"),
        (b"Nom;Tel\nA\0wa;0612345678\n", "NUL"),
        ((HEADER + "A\0wa;0612345678;x\n").encode("utf-16"), "NUL"),
        (b"Nom;Tel\n\x81\x8d;0612345678\n", "not readable as cp1252"),
        (codecs.BOM_UTF16_LE + b"N\x00;\x00\x00\xd8\n\x00", "not readable as utf-16"),
        ("Nom;Ville\nAwa;Lyon\n", "no column looks like a telephone number; it has: Nom, Ville"),
        ("Awa;0612345678\nBio;0612345679\n", "first row must hold the names"),
        (";".join(f"c{i}" for i in range(300)) + "\n", "300 columns; at most 200"),
        (HEADER + "x" * 70_000 + ";0612345678;\n", "longer than 65536"),
        (HEADER + '"' + "x\n" * 80_000, "after row 1"),
        (b"PK\x03\x04 not a workbook", "not a readable workbook"),
    ],
    ids=["empty", "blank", "nul", "nul16", "bytes", "surrogate", "column", "header", "wide",
         "line", "quote", "xlsx"],
)  # fmt: skip
def test_unfit_file_is_refused_with_a_reason(world, importing, content, match):
    refused(world, importing, content, match)


def test_mapping_of_a_missing_column_is_refused(world, importing):
    refused(world, importing, GOOD, "no column 'Mobile'", mapping={"number": "Mobile"})
    refused(world, importing, GOOD, "no field", mapping={"number": "Téléphone", "x": "Nom"})
    refused(world, importing, GOOD, "region", region="XX")


def test_fault_after_many_good_rows_leaves_nothing(world, importing):
    good = "".join(f"A;06{i:08d};x\n" for i in range(30_000))
    refused(world, importing, HEADER + good + "x" * 70_000 + "\n", "after row 30001")


def test_ten_thousand_bad_numbers_are_rejected_one_by_one(world, importing):
    bad = "".join(f"A;{i % 100};x\n" for i in range(9_998))
    list_id, counts = importing(HEADER + bad + "B;;y\nC;0612345678;z;extra\nD;0612345678;z\n")
    assert adds_up(counts) == (1, 0, 0, 10_000)
    with world.factory() as session:
        groups = select(RejectedRow.code, func.count()).group_by(RejectedRow.code)
        assert dict(session.execute(groups).all()) == {
            "BAD_NUMBER": 9_998, "NO_NUMBER": 1, "TOO_MANY_CELLS": 1,
        }  # fmt: skip
        first = session.get(RejectedRow, (list_id, 2))
    assert (first.detail, first.line) == ("0", "A;0;x")


def test_duplicates_in_the_file_and_in_other_lists_are_counted(world, importing):
    importing(GOOD)
    _, counts = importing(
        HEADER + "Awa;+33612345678;a\nCoco;0612345679;b\nCoco bis;06.12.34.56.79;c\n"
    )
    assert adds_up(counts) == (1, 0, 2, 0)
    assert table(world, LeadRow.name, number="+33612345679") == [("Coco",)]


def test_same_list_imported_again_is_updated_and_keeps_its_work(world, importing):
    list_id, _ = importing(GOOD)
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET state = 'DONE' WHERE name = 'Awa'"))
    _, counts = importing(GOOD.replace("Lyon", "Paris") + "Zoé;0612345670;x\n", list_id)
    assert adds_up(counts) == (1, 2, 0, 0)
    assert table(world, LeadRow.state, LeadRow.fields, name="Awa") == [("DONE", {"Ville": "Paris"})]


def test_failed_reimport_keeps_the_list_as_it_was(world, importing):
    list_id, _ = importing(GOOD)
    with pytest.raises(BadInput):
        importing("", list_id)
    batch = world.get(LeadList, list_id)
    assert (batch.state, batch.n_inserted) == ("READY", 2) and "empty" in batch.error
    assert len(table(world, LeadRow.id)) == 2


def test_numbers_on_the_do_not_call_list_are_rejected(world, importing):
    with world.transaction() as session:
        session.execute(text("INSERT INTO do_not_call (number, source) VALUES"
                             " ('+33612345678', 'ADMIN')"))  # fmt: skip
    _, counts = importing(GOOD)
    assert adds_up(counts) == (1, 0, 0, 1)
    assert table(world, RejectedRow.row_number, RejectedRow.code, RejectedRow.line) == [
        (2, "DO_NOT_CALL", "Awa;06 12 34 56 78;Lyon")
    ]


def test_same_file_in_another_list_is_warned_of(world, importing):
    importing(GOOD, name="première")
    list_id, counts = importing(GOOD)
    assert adds_up(counts) == (0, 0, 2, 0)
    assert world.get(LeadList, list_id).error == "warning: the same file is in première"


def test_old_benin_numbers_are_rewritten_only_when_the_list_says_so(world, importing):
    content = HEADER + "A;97000000;x\nB;+229 96 00 00 00;x\nC;0195000000;x\n"
    assert adds_up(importing(content, region="BJ")[1]) == (1, 0, 0, 2)
    assert adds_up(importing(content, region="BJ", has_old_benin_numbers=True)[1]) == (2, 0, 1, 0)
    assert "+2290197000000" in [n for (n,) in table(world, LeadRow.number)]


def test_hostile_text_is_stored_as_tame_text(world, importing):
    name = "=cmd|' /C calc'!A0\u202e\x07 " + "x" * 500
    importing(HEADER + f'"{name}";0612345678;"a ""b"" \\N \\. ,\nline"\n')
    ((stored, fields),) = table(world, LeadRow.name, LeadRow.fields)
    assert stored.startswith("=cmd|' /C calc'!A0 x") and len(stored) == 200
    assert fields == {"Ville": 'a "b" \\N \\. , line'}


def test_first_name_and_name_are_joined(world, importing):
    importing("PRENOM,nom,GSM\nAwa,Koné,0612345678\n,Seul,0612345679\n")
    assert table(world, LeadRow.name) == [("Awa Koné",), ("Seul",)]


def test_workbook_is_read_like_a_csv(world, importing, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "list.xlsx") as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([["Nom", "Mobile"], ["Awa", 612345678], ["Bio", "0612345679"]]):
            sheet.write_row(i, 0, row)
    _, counts = importing((tmp_path / "list.xlsx").read_bytes())
    assert adds_up(counts) == (2, 0, 0, 0)
    assert table(world, LeadRow.number) == [("+33612345678",), ("+33612345679",)]


def test_preview_shows_header_rows_and_guess(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(GOOD, encoding="cp1252")
    seen = preview(path)
    assert seen.header == ("Nom", "Téléphone", "Ville") and len(seen.rows) == 2
    assert (seen.encoding, seen.delimiter) == ("cp1252", ";")
    assert seen.mapping == {"number": "Téléphone", "name": "Nom"}


def test_progress_rises_to_the_number_of_rows(world, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "".join(f"A;06{i:08d};x\n" for i in range(25_000)))
    seen = []
    import_list(world.factory, world.add_list(state="UPLOADED"), path, seen.append)
    assert seen == [10_000, 20_000, 25_000]
