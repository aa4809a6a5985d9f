"""Message texts: what a template may do, and that a name is only a name."""

import pytest

from dialer.model.errors import BadInput
from dialer.store.message_text import TEXT_LENGTH, check_template, masked, render


def text(template, name="Awa"):
    return render(template, name=name, campaign="Essai", number="+33612345642")


def test_template_prints_filters_and_tests():
    assert text("{{ name|upper }}: {{ campaign }} {{ number_masked }}") == "AWA: Essai •••• 42"
    assert text("{% if name %}Cher {{ name }}{% else %}Bonjour{% endif %}", "") == "Bonjour"
    assert text("{{ name or 'Madame, Monsieur' }}", "") == "Madame, Monsieur"


@pytest.mark.parametrize("name", ["{{ 7*7 }}", "{% for x in y %}", "{{ name.__class__ }}", "%}{{"])
def test_hostile_name_stays_text(name):
    assert text("Bonjour {{ name }}", name) == f"Bonjour {name}"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}", "{{ name['x'] }}", "{{ 9**9**9 }}", "{{ 'a' ~ name }}",
        "{% for i in 'ab' %}x{% endfor %}", "{% set x = 1 %}", "{% include 'x' %}",
        "{{ range(10) }}", "{{ name|join }}", "{{ name() }}", "{{ self }}", "{{ nmae }}", "{{",
        "{% macro f() %}{% endmacro %}", "x" * 1001, None, 3,
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_field(template):
    with pytest.raises(BadInput, match=r"^message_template: "):
        check_template("message_template", template)


def test_text_has_a_length():
    assert len(text("{{ name }}", "x" * 10_000)) == TEXT_LENGTH


def test_masked_number_shows_its_end_only():
    assert masked("+33612345642") == "•••• 42"
