"""Lists in a real browser: a file that survives a lost connection, and the course of its import."""

import pytest

from browser.pages import PART_BYTES, assert_accessible, expect
from dialer.jobs.imports import Phase, RedisCourse, check_list, import_list, undo_list
from dialer.store.tables import LeadList, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
BAD = "12;Court;Lyon\n;Personne;Lyon\n0612345678;Encore;Paris\n3,36E+10;Tableur;Paris\n"
HEADER = "Téléphone;Nom;Ville\n"
WORDS = {
    "fr": ("Envoyer le fichier", "Essayer à blanc", "Importer", "Annuler l’import", "Lecture · 5"),
    "en": ("Send the file", "Dry run", "Import", "Take the import back", "Reading · 5"),
}


def written(tmp_path, n_rows):
    path = tmp_path / "prospects.csv"
    rows = "".join(f"06{n:08d};Nom {n};Lyon\n" for n in range(n_rows))
    path.write_text(HEADER + "0612345678;Éloïse;Lyon\n" + BAD + rows)
    return path


def sent(page, path, words, campaign):
    page.goto(page.url.split("/campaigns")[0].rstrip("/") + f"/lists/new?campaign_id={campaign.id}")
    page.set_input_files("#file", path)
    assert_accessible(page)
    page.get_by_role("button", name=words[0]).click()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_list_is_tried_out_imported_and_taken_back(
    open_page, make_user, campaign, bus, session_factory, tmp_path, var_dir, language
):
    words = WORDS[language]
    make_user(Role.ADMIN, locale=language)
    page = open_page("admin", language)
    sent(page, written(tmp_path, 50), words, campaign)
    page.locator("select[name=role-0]").wait_for()
    upload = var_dir / "uploads" / "1"

    page.uncheck("#consent")  # the law of a French campaign asks for it; the file has no column
    page.get_by_role("button", name=words[1]).click()
    page.wait_for_selector("[data-course]")
    check_list(session_factory, 1, upload)
    page.locator(".reasons").wait_for()  # the page of the columns comes back by itself
    assert_accessible(page)

    page.get_by_role("button", name=words[2], exact=True).click()
    page.wait_for_selector("[data-course]")
    RedisCourse(bus.redis, 1, iter(range(0, 100, 10)).__next__).note(Phase.READING, 5_000, 0.5)
    page.get_by_text(words[4]).wait_for()
    assert_accessible(page)
    import_list(session_factory, 1, upload)
    page.locator(".sum").wait_for()
    expect(page.locator(".sum")).to_contain_text("51")
    assert_accessible(page)

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=words[3]).click()
    page.wait_for_selector("[data-course]")
    undo_list(session_factory, 1)
    page.locator("[data-course-over]").wait_for()
    assert_accessible(page)


def test_an_upload_goes_on_after_the_connection_was_lost(
    open_page, make_user, campaign, session_factory, tmp_path, var_dir
):
    make_user(Role.ADMIN)
    page = open_page("admin")
    path = tmp_path / "big.csv"
    path.write_bytes(HEADER.encode() + b"0612345678;Awa;Lyon\n" * 6_000)
    assert path.stat().st_size > 2 * PART_BYTES
    lost = []

    def cut(route):
        if route.request.url.endswith(f"offset={PART_BYTES}") and len(lost) < 2:
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/part?offset=*", cut)
    sent(page, path, WORDS["fr"], campaign)
    page.locator("select[name=role-0]").wait_for()
    assert len(lost) == 2
    assert (var_dir / "uploads" / "1").read_bytes() == path.read_bytes()
    with session_factory() as session:
        assert session.get_one(LeadList, 1).state == "UPLOADED"


def test_what_the_server_refuses_is_said_beside_the_file(open_page, make_user, campaign, tmp_path):
    make_user(Role.ADMIN)
    page = open_page("admin")
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    sent(page, path, WORDS["fr"], campaign)
    page.get_by_text("Le fichier est vide.").wait_for()
    expect(page.get_by_role("button", name=WORDS["fr"][0])).to_be_enabled()
