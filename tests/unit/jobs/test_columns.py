"""Column guessing, in the words of real files."""

import pytest

from dialer.jobs.columns import check_mapping, guess_mapping
from dialer.model.errors import BadInput


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        (["NOM", "Prénom", "N° Tél"], {"number": "N° Tél", "name": "NOM", "first_name": "Prénom"}),
        (["Phone Number", "Full Name"], {"number": "Phone Number", "name": "Full Name"}),
        (["Raison sociale", "Tél. fixe", "Mobile"], {"number": "Mobile", "name": "Raison sociale"}),
        (["tel", "TEL"], {"number": "tel"}),
        (["Ville"], {}),
    ],
)  # fmt: skip
def test_guess(header, mapping):
    assert guess_mapping(header) == mapping


def test_chosen_mapping_goes_before_the_guess():
    header = ["Tel", "Mobile", "Nom"]
    assert check_mapping({"number": "Mobile"}, header) == {"number": "Mobile"}
    assert check_mapping({}, header) == {"number": "Tel", "name": "Nom"}


@pytest.mark.parametrize(
    ("mapping", "header", "match"),
    [
        ({}, ["Ville", "Rue"], "it has: Ville, Rue"),
        ({"name": "Nom"}, ["Nom"], "no column looks like"),
        ({"number": "X"}, ["Tel"], "no column 'X'"),
        ({"number": "Tel", "age": "Tel"}, ["Tel"], "no field"),
        ({}, ["Awa", "06 12 34 56 78"], "first row"),
    ],
)
def test_unfit_mapping_says_what_there_is(mapping, header, match):
    with pytest.raises(BadInput, match=match):
        check_mapping(mapping, header)
