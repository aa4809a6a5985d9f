"""Column guessing, in the words of real files."""

import pytest

from dialer.jobs.imports.columns import check_mapping, field_name, guess_mapping
from dialer.model.errors import BadInput


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        (["NOM", "Prénom", "N° Tél"], {"N° Tél": "number", "NOM": "name", "Prénom": "first_name"}),
        (["Phone Number", "Full Name"], {"Phone Number": "number", "Full Name": "name"}),
        (["Raison sociale", "Tél. fixe", "Mobile"],
         {"Mobile": "number", "Raison sociale": "name", "Tél. fixe": "other_number"}),
        (["tel", "TEL"], {"tel": "number", "TEL": "other_number"}),
        (["Tel 2", "Tel 1"], {"Tel 1": "number", "Tel 2": "other_number"}),
        (["Mobile", "Consentement", "Date de consentement"],
         {"Mobile": "number", "Consentement": "consent", "Date de consentement": "consent_at"}),
        (["Ville"], {"Ville": "field"}),
    ],
)  # fmt: skip
def test_a_column_s_use_is_guessed_from_its_name(header, mapping):
    assert guess_mapping(header) == mapping


def test_without_a_known_name_the_cells_tell_the_number():
    rows = [("75001", "06 12 34 56 78"), ("75002", "0612345679"), ("75003", "")]
    assert guess_mapping(["a", "b"], rows) == {"a": "field", "b": "number"}


def test_a_chosen_mapping_goes_before_the_guess():
    header = ["Tel", "Mobile", "Nom"]
    assert check_mapping({"Mobile": "number"}, header) == {"Mobile": "number"}
    assert check_mapping({}, header) == {"Tel": "number", "Mobile": "other_number", "Nom": "name"}


@pytest.mark.parametrize(
    ("mapping", "header", "code"),
    [
        ({}, ["Ville", "Rue"], "NO_NUMBER_COLUMN"),
        ({"Nom": "name"}, ["Nom"], "NO_NUMBER_COLUMN"),
        ({"X": "number"}, ["Tel"], "NO_SUCH_COLUMN"),
        ({"Tel": "number", "Nom": "age"}, ["Tel", "Nom"], "NO_SUCH_ROLE"),
        ({"Tel": "number", "Nom": "field:"}, ["Tel", "Nom"], "NO_SUCH_ROLE"),
        ({"Tel": "number", "Nom": "field:\x00"}, ["Tel", "Nom"], "NO_SUCH_ROLE"),
        ({"a": "number", "b": "number"}, ["a", "b"], "COLUMN_TWICE"),
        ({"a": "number", **{c: "other_number" for c in "bcdefg"}}, list("abcdefg"), "COLUMN_TWICE"),
    ],
)  # fmt: skip
def test_an_unfit_mapping_is_refused_by_code(mapping, header, code):
    with pytest.raises(BadInput) as raised:
        check_mapping(mapping, header)
    assert raised.value.code == code


def test_a_field_may_have_a_name_of_its_own():
    assert [field_name("Ville", role) for role in ("field", "field:Town", "ignored", "name")] == [
        "Ville", "Town", "", "",
    ]  # fmt: skip
