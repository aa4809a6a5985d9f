"""One row to one lead, or to the reason why it is none."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.jobs.imports.columns import check_mapping
from dialer.jobs.imports.records import FileRow
from dialer.jobs.imports.rows import NAME_LENGTH, SEPARATOR, RowReader, RowRules
from dialer.jobs.imports.tame import clean

COLUMNS = ("row", "number", "zone", "place", "name", "fields", "others", "consent", "consent_at",
           "consent_way", "code", "detail", "line")  # fmt: skip


def read(line, header="Nom;Tel;Ville", mapping=None, region="FR", is_cut=False, **rules):
    names = tuple(header.split(";"))
    rules = {"has_old_benin": False, **rules}
    reader = RowReader(RowRules(names, check_mapping(mapping or {}, names), region, **rules))
    told = reader.read([FileRow(2, line, line.split(";"), is_cut)])
    assert told.count("\n") == 1
    return dict(zip(COLUMNS, told[:-1].split(SEPARATOR), strict=True))


def test_a_row_becomes_a_lead():
    lead = read("Awa;06 12 34 56 78; Lyon ")
    assert (lead["number"], lead["zone"], lead["name"]) == ("+33612345678", "Europe/Paris", "Awa")
    assert orjson.loads(lead["fields"]) == {"Ville": "Lyon"}
    assert (lead["code"], lead["line"]) == ("", "Awa;06 12 34 56 78; Lyon ")


@pytest.mark.parametrize(
    ("line", "code", "detail"),
    [
        ("Awa;;Lyon", "NO_NUMBER", ""),
        ("Awa;12;Lyon", "BAD_NUMBER", "12"),
        ("Awa;=cmd|' /C calc'!A0;Lyon", "BAD_NUMBER", "=cmd|' /C calc'!A0"),
        ("Awa;#REF!;Lyon", "BAD_NUMBER", "#REF!"),
        ("Awa;3,36E+10;Lyon", "CUT_NUMBER", "3,36E+10"),
        ("Awa;6.12345E+08;", "CUT_NUMBER", "6.12345E+08"),
        ("Awa;0612345678;Lyon;x", "TOO_MANY_CELLS", "4"),
        ("Awa;06123\x0045678;Lyon", "NUL_CHARACTER", ""),
        ("A\udce9wa;0612345678;Lyon", "BAD_BYTES", ""),
        ("Nom;Tel;Ville", "HEADER_AGAIN", ""),
    ],
)
def test_a_bad_row_says_why(line, code, detail):
    told = read(line)
    assert (told["code"], told["detail"], told["number"]) == (code, detail, "")


def test_a_row_that_is_too_long_says_so():
    assert read("x", is_cut=True)["code"] == "TOO_LONG"


def test_blank_cells_beyond_the_header_and_missing_ones_do_no_harm():
    assert read("Awa;0612345678;Lyon;;")["code"] == ""
    assert read("Awa;0612345678")["code"] == ""


@pytest.mark.parametrize("written", ["6.12345678E+08", "6,12345678e8", "3.3612345678E+10"])
def test_a_number_in_scientific_notation_that_has_all_its_digits_is_read(written):
    assert read(f"Awa;{written};")["number"] == "+33612345678"


def test_hidden_signs_are_taken_out_of_what_is_shown():
    lead = read("A\u202ewa\x07;0612345678;a\u200bb")
    assert (lead["name"], orjson.loads(lead["fields"])) == ("A wa", {"Ville": "a b"})


@pytest.mark.parametrize("sign", ["\\", '"', "\\N", "\\.", "\x1f", "\n", "\r", "\t"])
def test_no_sign_of_a_cell_is_taken_for_one_of_copy(sign):
    told = read(f"A{sign}a;0612345678;x")
    assert told["code"] == ""
    assert "\\\\" in told["name"] if "\\" in sign else told["name"]


def test_names_and_fields_are_cut_at_their_limits():
    lead = read("x" * 5000 + ";0612345678;" + "y" * 5000)
    assert len(lead["name"]) == 200 and len(orjson.loads(lead["fields"])["Ville"]) == 2000
    assert len(lead["line"]) == 2000


HEADER = "Tel;Tel 2;Tel 3"


def test_other_numbers_are_kept_once_and_valid():
    lead = read("0612345678;0612345678;01 23 45 67 89", HEADER)
    assert (lead["number"], lead["others"]) == ("+33612345678", "{+33123456789}")


def test_the_first_valid_number_is_dialled():
    lead = read("12;0612345678;0123456789", HEADER)
    assert (lead["number"], lead["others"], lead["code"]) == (
        "+33612345678", "{+33123456789}", "",
    )  # fmt: skip
    assert read("12;x;y", HEADER)["code"] == "BAD_NUMBER"
    assert read(";x;y", HEADER)["code"] == "NO_NUMBER"


CONSENT = "Tel;Consentement;Date de consentement;Canal du consentement"


@pytest.mark.parametrize(
    ("evidence", "day", "at"),
    [
        ("formulaire v3", "12/03/2026", "2026-03-12T00:00:00+00:00"),
        ("formulaire v3", "2026-03-12T10:00:00+02:00", "2026-03-12T10:00:00+02:00"),
        ("formulaire v3", "2026-03-12 10:00", "2026-03-12T10:00:00+00:00"),
        ("formulaire v3", "", ""),
    ],
)
def test_evidence_of_consent_is_kept_with_its_day(evidence, day, at):
    lead = read(f"0612345678;{evidence};{day};site", CONSENT)
    assert (lead["consent"], lead["consent_at"], lead["code"]) == (evidence, at, "")
    assert lead["consent_way"] == "site"


def test_without_evidence_neither_day_nor_channel_says_anything():
    lead = read("0612345678;;12/03/2026;site", CONSENT)
    assert (lead["consent"], lead["consent_at"], lead["consent_way"]) == ("", "", "")
    assert read("0612345678;oui;31/02/2026;", CONSENT)["code"] == "BAD_CONSENT_DATE"


PLACE = "Tel;CP;Fuseau horaire"


@pytest.mark.parametrize(
    ("line", "region", "zone", "place"),
    [
        ("0612345678;97410;", "FR", "Europe/Paris Indian/Reunion", "Indian/Reunion"),
        ("0612345678;75011;", "FR", "Europe/Paris", "Europe/Paris"),
        ("0612345678;57000;", "FR", "Europe/Paris@57", "Europe/Paris@57"),
        ("0612345678;;Indian/Reunion", "FR", "Europe/Paris Indian/Reunion", "Indian/Reunion"),
        ("0612345678;;", "FR", "Europe/Paris", ""),
        ("0612345678;nulle part;", "FR", "Europe/Paris", ""),
        ("015123456789;80331;", "DE", "Europe/Berlin@BY", "Europe/Berlin@BY"),
        ("030123456;80331;", "DE", "Europe/Berlin@BB Europe/Berlin@BE Europe/Berlin@BY",
         "Europe/Berlin@BY"),
        ("2125550123;90012;", "US", "America/Los_Angeles America/New_York", "America/Los_Angeles"),
    ],
)  # fmt: skip
def test_postcode_and_zone_add_to_where_the_number_may_be(line, region, zone, place):
    lead = read(line, PLACE, region=region)
    assert (lead["code"], lead["zone"], lead["place"]) == ("", zone, place)
    assert "Fuseau horaire" not in orjson.loads(lead["fields"])


def test_a_time_zone_of_nowhere_is_a_reason():
    told = read("0612345678;;Mars/Base", PLACE)
    assert (told["code"], told["detail"]) == ("BAD_TIME_ZONE", "Mars/Base")


def test_columns_are_renamed_and_left_out():
    lead = read(
        "Awa;0612345678;Lyon", mapping={"Tel": "number", "Nom": "ignored", "Ville": "field:Town"}
    )
    assert orjson.loads(lead["fields"]) == {"Town": "Lyon"} and lead["name"] == ""


def test_old_benin_numbers_are_rewritten_only_when_the_list_says_so():
    assert read("A;97000000;", region="BJ")["code"] == "BAD_NUMBER"
    assert read("A;97000000;", region="BJ", has_old_benin=True)["number"] == "+2290197000000"


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_row_becomes_a_lead_or_a_reason_on_one_line(cells):
    line = ";".join(cells)
    names = ("Nom", "Tel", "Ville")
    reader = RowReader(RowRules(names, check_mapping({}, names), "FR", False))
    told = reader.read([FileRow(7, line, cells)])
    assert told.count("\n") == 1 and told.endswith("\n") and "\r" not in told
    row = dict(zip(COLUMNS, told[:-1].split(SEPARATOR), strict=True))
    assert row["row"] == "7" and bool(row["number"]) != bool(row["code"])
    told.encode()  # nothing that COPY could not take
    assert "\0" not in told


@given(st.text())
def test_clean_text_is_one_visible_line(text):
    seen = clean(text, NAME_LENGTH)
    assert len(seen) <= NAME_LENGTH and seen == seen.strip()
    assert not set(seen) & set("\n\r\t\0\u202e\u200b\ufeff\u2028")
