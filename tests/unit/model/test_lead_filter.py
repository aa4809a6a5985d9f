"""A filter that was let in asks known fields what they can answer; everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.model.errors import BadInput
from dialer.model.lead_filter import ANSWERS, FIELDS, Check, Every, Is, Not, kind_of, parsed

GOOD = {
    "all": [
        {"field": "last_outcome", "is": "in", "value": ["BUSY", "NO_ANSWER"]},
        {"not": {"field": "field:ville", "is": "equals", "value": "Cotonou"}},
        {"field": "last_attempt", "is": "older_than", "value": 30},
    ]
}


def test_a_good_filter_is_read_as_it_was_written():
    found = parsed(GOOD)
    assert isinstance(found, Every)
    assert found.parts[0] == Check("last_outcome", Is.IN, ("BUSY", "NO_ANSWER"))
    assert found.parts[1] == Not(Check("field:ville", Is.EQUALS, "Cotonou"))
    assert found.parts[2] == Check("last_attempt", Is.OLDER_THAN, 30.0)


@pytest.mark.parametrize(
    ("criteria", "fault"),
    [
        ([], "object"), ("1=1", "object"), (None, "object"), ({}, "names its field"),
        ({"all": []}, "list of parts"), ({"all": "x"}, "list of parts"),
        ({"all": [GOOD], "any": [GOOD]}, "a part is"),
        ({"field": "password_hash", "is": "equals", "value": "x"}, "no field"),
        ({"field": "leads.id; DROP TABLE", "is": "equals", "value": "x"}, "no field"),
        ({"field": "field:", "is": "equals", "value": "x"}, "no field"),
        ({"field": "field:" + "k" * 300, "is": "equals", "value": "x"}, "no field"),
        ({"field": "name", "is": "sql", "value": "x"}, "can be asked"),
        ({"field": "name", "is": ["equals"], "value": "x"}, "can be asked"),
        ({"field": "state", "is": "contains", "value": "N"}, "can be asked"),
        ({"field": "name", "is": "equals", "value": ""}, "1 to 200"),
        ({"field": "name", "is": "equals", "value": "a\0"}, "1 to 200"),
        ({"field": "name", "is": "equals", "value": "x" * 201}, "1 to 200"),
        ({"field": "name", "is": "in", "value": []}, "list of 1"),
        ({"field": "name", "is": "in", "value": ["x"] * 201}, "list of 1"),
        ({"field": "n_tries", "is": "at_least", "value": "3"}, "needs a number"),
        ({"field": "n_tries", "is": "at_least", "value": True}, "needs a number"),
        ({"field": "n_tries", "is": "at_least", "value": float("nan")}, "needs a number"),
        ({"field": "last_attempt", "is": "older_than", "value": 1e300}, "needs a number"),
        ({"field": "last_attempt", "is": "older_than", "value": -1}, "from 0 to 36500"),
        ({"field": "list", "is": "in", "value": ["1"]}, "identities"),
        ({"field": "list", "is": "in", "value": [2**70]}, "identities"),
        ({"all": [{"field": "name", "is": "empty"}] * 51}, "at most 50"),
        ({"all": [{"any": [{"field": "name", "is": "empty"}] * 30}] * 2}, "at most 50"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_name(criteria, fault):
    with pytest.raises(BadInput, match=fault):
        parsed(criteria)


def test_a_filter_is_only_so_deep():
    criteria = {"field": "name", "is": "empty"}
    for _ in range(10):
        criteria = {"not": criteria}
    with pytest.raises(BadInput, match="levels"):
        parsed(criteria)


def test_every_field_can_be_asked_something():
    assert all(ANSWERS[kind_of(name)] for name in FIELDS)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "is", "value", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(criteria=JSON)
def test_whatever_comes_is_read_or_refused(criteria):
    try:
        parsed(criteria)
    except BadInput as fault:
        assert str(fault).startswith("criteria: ")
