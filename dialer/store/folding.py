"""Names as they are searched: without accents, capitals and signs, the same in SQL and in a query.

The word list of a name is an index of its own (`ix_contacts_name`), so both sides must fold alike:
the expression is written once, here, and the words looked for pass through it as a parameter.
"""

_ACCENTED = "àáâãäåāçćčèéêëēėęğìíîïīıłñńňòóôõöøōŕřśšşșťțùúûüūůýÿžźż"
_PLAIN = "aaaaaaaccceeeeeeegiiiiiilnnnooooooorrssssttuuuuuuyyzzz"
_CAPITALS = "ÀÁÂÃÄÅĀÇĆČÈÉÊËĒĖĘĞÌÍÎÏĪİŁÑŃŇÒÓÔÕÖØŌŔŘŚŠŞȘŤȚÙÚÛÜŪŮÝŸŽŹŻ"
_FROM = _ACCENTED + _CAPITALS
_TO = _PLAIN + _PLAIN
assert len(_FROM) == len(_TO), "each letter has its plain one"


_SIGNS = "-.,_/()&"
_BLANKS = " " * len(_SIGNS)


def folded(expression: str) -> str:
    """SQL for `expression` folded; immutable, so that it may be a stored column.

    Most names are ASCII: for them the long table of accents is not walked.
    """
    lower = f"lower({expression})"
    return (
        f"CASE WHEN octet_length({expression}) = char_length({expression})"
        f" THEN translate({lower}, '{_SIGNS}', '{_BLANKS}')"
        f" ELSE translate({lower}, '{_FROM}{_SIGNS}', '{_TO}{_BLANKS}') END"
    )


LAST_NAME_FIRST = "(split_part(name_key, ' ', -1) || ' ') || name_key"
"""SQL: a folded name as it is looked for by its last word; the index ix_contacts_last_name."""
