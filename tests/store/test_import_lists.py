"""List import: honest counts, and nothing of an unfit file."""

from dataclasses import astuple

import pytest
from sqlalchemy import func, select, text
from store_facts import NOON

from dialer.jobs.imports import import_list
from dialer.jobs.imports.options import ImportOptions, choose, law_asks_consent
from dialer.jobs.imports.shape import shape_of
from dialer.model.errors import BadInput
from dialer.store import consents
from dialer.store.tables import CampaignRow, Consent, LeadList, LeadRow, RejectedRow

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
        return list_id, import_list(world.factory, list_id, path)

    return run


def table(world, *columns, **where):
    with world.factory() as session:
        rows = select(*columns).filter_by(**where).order_by(columns[0])
        return session.execute(rows).all()


def refused(world, importing, content, code, **facts):
    """The import fails with that fault and leaves nothing behind, no table either."""
    with pytest.raises(BadInput) as raised:
        importing(content, **facts)
    assert raised.value.code == code
    with world.factory() as session:
        batch = session.scalars(select(LeadList).order_by(LeadList.id.desc())).first()
        assert batch.state == "FAILED" and batch.finished_at
        assert batch.fault == {"code": code, **raised.value.fields}
        assert batch.n_read == batch.n_inserted == 0
        for kind in (LeadRow, RejectedRow):
            assert session.scalar(select(func.count()).select_from(kind)) == 0
        staged = "SELECT count(*) FROM pg_class WHERE relname LIKE 'import\\_rows\\_%'"
        assert session.scalar(text(staged)) == 0


def adds_up(counts):
    """Inserted, updated, duplicate, blocked, rejected."""
    n_read, *parts = astuple(counts)
    assert n_read == sum(parts)
    return tuple(parts)


def rejected(world, list_id):
    return table(
        world, RejectedRow.row_number, RejectedRow.code, RejectedRow.detail, RejectedRow.line,
        list_id=list_id,
    )  # fmt: skip


def test_a_good_file_becomes_leads_that_can_be_claimed(world, importing):
    list_id, counts = importing(GOOD)
    assert adds_up(counts) == (2, 0, 0, 0, 0)
    rows = table(world, LeadRow.number, LeadRow.name, LeadRow.time_zone, LeadRow.fields)
    assert rows == [
        ("+2290197000000", "Bio", "Africa/Porto-Novo", {"Ville": "Cotonou"}),
        ("+33612345678", "Awa", "Europe/Paris", {"Ville": "Lyon"}),
    ]
    batch = world.get(LeadList, list_id)
    assert (batch.state, batch.n_read, batch.encoding) == ("READY", 2, "utf-8")
    assert batch.mapping == {"Téléphone": "number", "Nom": "name", "Ville": "field"}
    claimed = world.claim(5, NOON + 10 * 365 * 86_400)
    assert sorted(lead.name for lead in claimed) == ["Awa", "Bio"]


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        ("", "FILE_EMPTY", {}),
        ("Nom;Ville\nAwa;Lyon\n", "NO_NUMBER_COLUMN", {}),
        (GOOD, "NO_SUCH_COLUMN", {"mapping": {"Mobile": "number"}}),
        (GOOD, "NO_SUCH_ROLE", {"mapping": {"Téléphone": "number", "Nom": "x"}}),
        (GOOD, "BAD_REGION", {"region": "XX"}),
        (b"PK\x03\x04 not an archive", "ARCHIVE_BROKEN", {}),
    ],
    ids=["empty", "number", "column", "role", "region", "archive"],
)
def test_an_unfit_file_is_refused_and_leaves_nothing(world, importing, content, code, facts):
    refused(world, importing, content, code, **facts)


def test_a_fault_after_many_good_rows_leaves_nothing(world, importing):
    good = "".join(f"A;06{i:08d};x\n" for i in range(30_000))
    open_quote = '"B;0612345678\n' + "x;0612345678;y\n" * 9000
    refused(world, importing, HEADER + good + open_quote, "FILE_RECORD_TOO_LONG")


def test_bad_rows_are_rejected_one_by_one_with_their_lines(world, importing):
    bad = "".join(f"A;{i % 100};x\n" for i in range(9_998))
    list_id, counts = importing(HEADER + bad + "B;;y\nC;0612345678;z;extra\nD;0612345678;z\n")
    assert adds_up(counts) == (1, 0, 0, 0, 10_000)
    rows = rejected(world, list_id)
    assert rows[0] == (2, "BAD_NUMBER", "0", "A;0;x")
    assert rows[-2:] == [
        (10_000, "NO_NUMBER", "", "B;;y"),
        (10_001, "TOO_MANY_CELLS", "4", "C;0612345678;z;extra"),
    ]


def test_broken_bytes_nul_characters_and_headers_in_the_middle_cost_their_rows_only(
    world, importing
):
    content = (
        (HEADER + "Élie;0612345670;x\n").encode()
        + b"Andr\xe9;0612345671;x\n"
        + b"A\0wa;0612345672;x\n"
        + HEADER.encode()
        + "Zoé;0612345673;x\n".encode()
    )
    list_id, counts = importing(content)
    assert adds_up(counts) == (2, 0, 0, 0, 3)
    assert rejected(world, list_id) == [
        (3, "BAD_BYTES", "", "Andr\ufffd;0612345671;x"),
        (4, "NUL_CHARACTER", "", "A\u2400wa;0612345672;x"),
        (5, "HEADER_AGAIN", "", HEADER.strip()),
    ]


def test_a_number_twice_in_the_file_is_its_first_row(world, importing):
    list_id, counts = importing(HEADER + "Awa;0612345678;a\nBio;06.12.34.56.78;b\nAwa;;c\n")
    assert adds_up(counts) == (1, 0, 1, 0, 1)
    assert rejected(world, list_id)[0] == (3, "NUMBER_ABOVE", "2", "Bio;06.12.34.56.78;b")
    assert table(world, LeadRow.name) == [("Awa",)]


@pytest.mark.parametrize(
    ("scope", "in_campaign", "elsewhere"),
    [("LIST", 1, 1), ("CAMPAIGN", 0, 1), ("EVERYWHERE", 0, 0)],
)
def test_how_far_a_known_number_is_looked_for_is_the_list_s_choice(
    world, importing, scope, in_campaign, elsewhere
):
    importing(HEADER + "Awa;0612345678;a\n", name="première")
    _, counts = importing(HEADER + "Awa;0612345678;a\n", dedupe=scope)
    assert adds_up(counts)[:3] == (in_campaign, 0, 1 - in_campaign)
    with world.transaction() as session:
        other = world.another_campaign(session).id
    list_id, counts = importing(HEADER + "Awa;0612345678;a\n", dedupe=scope, campaign_id=other)
    assert adds_up(counts)[:3] == (elsewhere, 0, 1 - elsewhere)
    if not elsewhere:
        assert rejected(world, list_id)[0][1:3] == ("NUMBER_ELSEWHERE", "première")


def test_the_same_list_imported_again_is_updated_and_keeps_its_work(world, importing):
    list_id, _ = importing(GOOD)
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET state = 'DONE' WHERE name = 'Awa'"))
    _, counts = importing(GOOD.replace("Lyon", "Paris") + "Zoé;0612345670;x\n", list_id)
    assert adds_up(counts) == (1, 2, 0, 0, 0)
    assert table(world, LeadRow.state, LeadRow.fields, name="Awa") == [("DONE", {"Ville": "Paris"})]


def test_a_failed_reimport_keeps_the_list_as_it_was(world, importing):
    list_id, _ = importing(GOOD + "x;y;z\n")
    with pytest.raises(BadInput):
        importing("", list_id)
    batch = world.get(LeadList, list_id)
    assert (batch.state, batch.n_inserted, batch.fault) == ("READY", 2, {"code": "FILE_EMPTY"})
    assert len(table(world, LeadRow.id)) == 2 and len(rejected(world, list_id)) == 1


def test_numbers_on_a_do_not_call_list_are_blocked(world, importing):
    with world.transaction() as session:
        other = world.another_campaign(session).id
        session.execute(
            text("""INSERT INTO do_not_call (number, campaign_id, source) VALUES
                ('+33612345678', NULL, 'ADMIN'), ('+33612345678', :mine, 'ADMIN'),
                ('+33612345679', :other, 'ADMIN')"""),
            {"mine": world.campaign_id, "other": other},
        )
    list_id, counts = importing(HEADER + "Awa;0612345678;Lyon\nBio;0612345679;x\n")
    assert adds_up(counts) == (1, 0, 0, 1, 0)
    assert rejected(world, list_id) == [
        (2, "DO_NOT_CALL", "+33612345678", "Awa;0612345678;Lyon"),
    ]  # fmt: skip


def test_an_other_number_that_must_not_be_called_is_left_out(world, importing):
    with world.transaction() as session:
        session.execute(text("INSERT INTO do_not_call (number, source) VALUES"
                             " ('+33612345679', 'ADMIN')"))  # fmt: skip
    importing("Tel;Tel 2;Tel 3\n0612345678;0612345679;0612345670\n")
    assert table(world, LeadRow.number, LeadRow.other_numbers) == [
        ("+33612345678", ["+33612345670"]),
    ]  # fmt: skip


def test_rows_without_consent_are_blocked_where_it_is_asked_for(world, importing):
    content = "Tel;Consentement\n0612345678;formulaire\n0612345679;\n"
    list_id, counts = importing(content, needs_consent=True)
    assert adds_up(counts) == (1, 0, 0, 1, 0)
    assert rejected(world, list_id)[0][:2] == (3, "NO_CONSENT")


def test_a_consent_on_record_stands_for_evidence_in_the_row(world, importing):
    day = 86_400.0
    given = {"given_at": NOON - 400 * day, "source": "FORM", "evidence": "v3"}
    with world.transaction() as session:
        consents.record(session, ["+33612345671", "+33612345673"], **given)
        consents.record(session, ["+33612345672"], expires_at=NOON - 390 * day, **given)
        consents.withdraw(session, ["+33612345673"], source="ADMIN", at=NOON - 390 * day)
    content = "Tel\n" + "".join(f"061234567{n}\n" for n in range(4))
    list_id, counts = importing(content, needs_consent=True)
    assert adds_up(counts) == (1, 0, 0, 3, 0)
    assert [row[:2] for row in rejected(world, list_id)] == [
        (2, "NO_CONSENT"), (4, "NO_CONSENT"), (5, "NO_CONSENT"),
    ]  # fmt: skip


@pytest.mark.parametrize("needs_consent", [True, False])
def test_only_a_consent_dated_after_the_wish_to_be_called_no_more_counts(
    world, importing, needs_consent
):
    numbers = [f"+3361234567{n}" for n in range(4)]
    with world.transaction() as session:
        consents.withdraw(session, numbers[:3], source="REPLY", at=NOON - 700 * 86_400)
    list_id, counts = importing(
        "Tel;Consentement;Date de consentement\n0612345670;salon;05/12/2024\n"
        "0612345671;salon;\n0612345672;salon;07/12/2024\n0612345673;salon;\n",
        needs_consent=needs_consent,
    )
    assert adds_up(counts) == ((2, 0, 0, 2, 0) if needs_consent else (4, 0, 0, 0, 0))
    refused = [(2, "NO_CONSENT"), (3, "NO_CONSENT")] if needs_consent else []
    assert [row[:2] for row in rejected(world, list_id)] == refused
    assert sorted(n for (n,) in table(world, Consent.number)) == numbers[2:]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"rule_set": "FR"}, True), ({"rule_set": "DE"}, True), ({"rule_set": "US"}, False),
        ({"rule_set": "FR", "basis": "CONTRACT"}, False),
    ],
)  # fmt: skip
def test_rows_need_a_consent_where_the_law_asks_and_nobody_said_otherwise(
    world, tmp_path, rules, expected
):
    path = tmp_path / "file"
    path.write_text("Tel\n0612345678\n")
    list_id = world.add_list(state="UPLOADED")
    with world.transaction() as session:
        campaign = session.get_one(CampaignRow, world.campaign_id)
        for name, value in rules.items():
            setattr(campaign, name, value)
        session.flush()
        row = session.get_one(LeadList, list_id)
        law_asks = law_asks_consent(session, world.campaign_id, NOON)
        choose(row, shape_of(path), ImportOptions(), law_asks=law_asks)
        assert row.needs_consent is expected
        choose(row, shape_of(path), ImportOptions(needs_consent=False), law_asks=law_asks)
        assert row.needs_consent is False


def test_evidence_of_consent_is_kept_once_for_the_campaign(world, importing):
    content = (
        "Tel;Consentement;Date de consentement;Canal du consentement\n"
        "0612345678;formulaire;12/03/2026;site\n"
    )
    list_id, _ = importing(content)
    importing(content, list_id)
    importing(content.replace("formulaire", "salon"), list_id)
    kept = table(world, Consent.evidence, Consent.number, Consent.source, Consent.campaign_id)
    mine = "+33612345678", "IMPORT", world.campaign_id
    assert kept == [("formulaire", *mine), ("salon", *mine)]
    assert table(world, Consent.given_at)[0][0].isoformat() == "2026-03-12T00:00:00+00:00"
    assert table(world, Consent.way) == [("site",), ("site",)]


def test_the_same_file_in_another_list_is_warned_of(world, importing):
    importing(GOOD, name="première")
    list_id, counts = importing(GOOD)
    assert adds_up(counts) == (0, 0, 2, 0, 0)
    assert world.get(LeadList, list_id).fault == {"code": "SAME_FILE", "lists": "première"}


def test_hostile_text_is_stored_as_tame_text(world, importing):
    name = "=cmd|' /C calc'!A0\u202e\x07 " + "x" * 500
    importing(HEADER + f'"{name}";0612345678;"a ""b"" \\N \\. ,\nline"\n')
    ((stored, fields),) = table(world, LeadRow.name, LeadRow.fields)
    assert stored.startswith("=cmd|' /C calc'!A0 x") and len(stored) == 200
    assert fields == {"Ville": 'a "b" \\N \\. , line'}


def test_first_name_and_name_are_joined(world, importing):
    importing("PRENOM,nom,GSM\nAwa,Koné,0612345678\n,Seul,0612345679\n")
    assert table(world, LeadRow.name) == [("Awa Koné",), ("Seul",)]


def test_a_list_that_is_not_there_or_in_other_hands_is_refused(world, importing, tmp_path):
    with pytest.raises(BadInput) as raised:
        import_list(world.factory, 999, tmp_path / "x")
    assert raised.value.code == "LIST_UNKNOWN"
    list_id = world.add_list(state="UPLOADED")
    with world.factory() as session:
        session.execute(text("SELECT pg_advisory_lock(7304613, :id)"), {"id": list_id})
        with pytest.raises(BadInput) as raised:
            importing(GOOD, list_id)
        session.execute(text("SELECT pg_advisory_unlock(7304613, :id)"), {"id": list_id})
    assert raised.value.code == "LIST_BUSY"
    assert world.get(LeadList, list_id).state == "UPLOADED"
