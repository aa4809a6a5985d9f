"""Every fault of an import or a setting that can reach a person has a code, and words for it."""

import ast
import re
from pathlib import Path

import pytest

from dialer.jobs.imports import import_list
from dialer.model.call_list import RowFault
from dialer.model.errors import BadInput
from dialer.model.import_faults import SENTENCES, fault
from dialer.store.campaign_settings import checked
from dialer.store.tables import LeadList, Role
from web.admin.campaign_form import FIELDS
from web.faults import blame, fault_of, in_words
from web.forms import Filled
from web.import_words import FAULTS, row_words

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"{(\w+)")
SOURCES = (
    "store/campaign_settings.py", "store/campaigns.py", "store/do_not_call.py",
    "store/manual.py", "store/numbers.py", "store/users.py", "store/recordings.py",
    "store/merging.py", "store/segments.py", "reports/history.py", "store/what_ifs.py",
    "jobs/calibration.py",
)  # fmt: skip


def _part(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return value.value
    if value.conversion == ord("r"):
        return "'x'"
    return "1,234" if value.format_spec and "," in ast.unparse(value.format_spec) else "12"


def _sentence(said: ast.expr) -> str:
    if isinstance(said, ast.Constant):
        return said.value
    return "".join(_part(value) for value in said.values)


def _sentences():
    """What each `raise BadInput("...")` of the sources would say."""
    for name in SOURCES:
        for node in ast.walk(ast.parse((ROOT / "dialer" / name).read_text())):
            if isinstance(node, ast.Raise) and ast.unparse(node.exc or node)[:9] == "BadInput(":
                yield pytest.param(_sentence(node.exc.args[0]), id=f"{name}:{node.lineno}")


@pytest.mark.parametrize("sentence", list(_sentences()))
def test_every_fault_of_the_sources_has_words_in_both_languages(app, sentence):
    said = {}
    for language in ("fr", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert fault_of(sentence) is not None
            said[language] = in_words(sentence)
    assert said["fr"] != said["en"]
    assert sentence not in said.values()
    assert "%(" not in said["fr"] + said["en"]


@pytest.mark.parametrize("code", SENTENCES)
def test_every_fault_of_an_import_has_words_in_both_languages(app, code):
    fields = {name: 12 for name in _NAMED.findall(SENTENCES[code])}
    said = {}
    for language in ("fr", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            said[language] = in_words(fault(code, **fields))
    assert said["fr"] != said["en"] and "%(" not in said["fr"] + said["en"]
    assert set(FAULTS) == set(SENTENCES)


@pytest.mark.parametrize("reason", RowFault)
def test_every_reason_of_a_row_has_words_in_both_languages(app, reason):
    said = {}
    for language in ("fr", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            said[language] = row_words(reason, "12")
    assert said["fr"] != said["en"] and reason not in said.values()


def test_a_fault_names_numbers_as_the_language_writes_them(app):
    told = fault("FILE_TOO_LARGE", size=600_000_000, most=500_000_000)
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert in_words(told).startswith("Le fichier fait 600\u202f000\u202f000 octets")
    assert str(told) == "file: 600,000,000 bytes; at most 500,000,000 are taken"


def test_the_warning_of_a_file_imported_twice_is_in_the_reader_s_language(
    enter, session_factory, campaign, tmp_path
):
    path = tmp_path / "list"
    path.write_text("tel\n0612345678\n")
    with session_factory.begin() as session:
        for name in ("Première", "Seconde"):
            session.add(LeadList(campaign_id=campaign.id, name=name))
    for list_id in (1, 2):
        import_list(session_factory, list_id, path)
    person = enter(Role.ADMIN)
    assert "le même fichier est déjà dans Première." in person.get("/lists/2").get_data(
        as_text=True
    )
    person.post("/language", {"language": "en"})
    assert "the same file is already in Première." in person.get("/lists/2").get_data(as_text=True)


def test_a_target_that_the_rules_forbid_is_told_with_the_rules(app):
    with pytest.raises(BadInput) as raised:
        checked({"abandon_target": 0.04, "rule_set": "FR"})
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        told = in_words(raised.value, FIELDS)
    assert "Les règles FR n’admettent pas plus de 0,03" in told


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("abandon_target", 0.5, "Donnez un nombre de 0 à 0,05."),
        ("message_template", "{{ number }}",
         "« number » est inconnu ; les variables sont name, campaign, number_masked."),
        ("message_template", "{% for x in name %}{% endfor %}",
         "Le modèle ne prend que du texte, des variables et des conditions (for)."),
        ("message_template", "{{ name|escape }}", "Le filtre « escape » n’est pas permis."),
    ],
)  # fmt: skip
def test_a_setting_s_fault_is_told_at_its_field(app, setting, value, words):
    with pytest.raises(BadInput) as raised:
        checked({setting: value})
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        filled = Filled(shown={setting: ""})
        blame(filled, raised.value)
        assert filled.faults == {setting: words}
        label = next(str(field.label) for field in FIELDS if field.name == setting)
        assert in_words(raised.value, FIELDS) == f"{label} : {words}"


def test_a_sentence_without_a_code_is_shown_as_it_is(app):
    with app.test_request_context():
        assert in_words("bus: something new") == "bus: something new"
        filled = Filled(shown={"name": ""})
        blame(filled, "name: something new")
        assert filled.faults == {"name": "something new"}


def test_rows_that_may_not_be_called_say_so(enter, session_factory, campaign, tmp_path):
    path = tmp_path / "list"
    path.write_text("tel\n0612345678\n0612345679,5\n")
    person = enter(Role.ADMIN)
    person.post("/do-not-call/new", {"number": "+33612345678", "campaign_id": ""})
    with session_factory.begin() as session:
        session.add(LeadList(campaign_id=campaign.id, name="L"))
    import_list(session_factory, 1, path)
    report = person.get("/lists/1/rejects.csv").get_data(as_text=True)
    assert "Sur une liste « ne plus appeler » : +33612345678" in report
