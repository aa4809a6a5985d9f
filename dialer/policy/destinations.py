"""Numbers that nobody is called on, whatever a list says: those that earn their owner money.

A list, or a stolen login, must not turn the trunk into somebody's income. The carrier's own block
comes second: it is not ours to rely on.
"""

FORBIDDEN = (
    "+870", "+881", "+882", "+883",  # satellites, networks without a country
    "+878", "+888", "+979",  # personal and premium, international
    "+1900",  # North America
    "+31900", "+31906", "+31909",  # Netherlands
    "+3290",  # Belgium
    "+3389",  # France: 089
    "+34803", "+34806", "+34807", "+34905",  # Spain
    "+39892", "+39894", "+39895", "+39899",  # Italy
    "+41900", "+41901", "+41906",  # Switzerland
    "+4470", "+449",  # United Kingdom: personal numbers, 09
    "+49900", "+49137",  # Germany
)  # fmt: skip
"""Beginnings of E.164 numbers: satellite networks and premium rate services."""


def may_reach(number: str, opened: tuple[str, ...] = ()) -> bool:
    """Whether an E.164 number is of an ordinary kind, or of a kind that the campaign opened."""
    return not number.startswith(FORBIDDEN) or number.startswith(opened)
