"""What administrators do in a real Chromium: a campaign, its list; and every page by axe-core."""

import re

import pytest
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from browser.pages import assert_accessible, assert_fits, expect
from dialer.store.tables import CampaignRow, LeadList, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_admin_creates_a_campaign_and_uploads_a_list(
    open_page, make_user, session_factory, tmp_path, language
):
    words = {
        "fr": ("Créer la campagne", "Envoyer le fichier", "Importer", "Démarrer", "En cours"),
        "en": ("Create the campaign", "Send the file", "Import", "Start", "Running"),
    }[language]
    make_user(Role.ADMIN, locale=language)
    page = open_page("admin", language)
    page.goto(page.url.split("/campaigns")[0] + "/campaigns/new")
    page.fill("#f-name", "Énergie")
    page.fill("#f-abandon_target", "2.5")
    page.get_by_role("button", name=words[0]).click()
    page.get_by_role("heading", name="Énergie").wait_for()
    assert_accessible(page)

    rows = tmp_path / "prospects.csv"
    rows.write_text("Téléphone;Nom\n0612345678;Awa\n0612345679;Éloïse\n")
    page.click("a[href*='/lists/new']")
    page.wait_for_url("**/lists/new*")
    page.set_input_files("#file", rows)
    expect(page.locator("#name")).to_have_value("prospects")
    page.get_by_role("button", name=words[1]).click()
    page.wait_for_url("**/lists/1")  # the file was sent in parts; scripts are there now
    expect(page.locator("select[name=role-0]")).to_have_value("number")
    expect(page.locator("input[name=name-0]")).to_be_disabled()
    expect(page.locator("table").nth(1)).to_contain_text("Éloïse")
    assert_accessible(page)
    hint = page.locator("[data-no-evidence]")
    expect(page.locator("#consent")).to_be_checked()  # France asks
    expect(hint).to_be_visible()  # no column tells of one
    page.select_option("select[name=role-1]", "consent")
    expect(hint).to_be_hidden()
    page.select_option("select[name=role-1]", "name")
    expect(hint).to_be_visible()
    page.uncheck("#consent")
    expect(hint).to_be_hidden()
    page.get_by_role("button", name=words[2], exact=True).click()
    page.wait_for_selector("[data-course]")
    assert_accessible(page)
    with session_factory.begin() as session:  # the worker's part
        row = session.scalars(select(LeadList)).one()
        row.state, row.n_read, row.n_inserted = "READY", 2, 2
    page.wait_for_selector(".sum")
    expect(page.locator("[data-course]")).to_have_count(0)
    expect(page.locator(".wizard [aria-current]")).to_have_text(re.compile(r"^\s*4"))
    expect(page.locator(".wizard .done")).to_have_count(3)
    assert_accessible(page)

    page.goto(page.url.replace("/lists/1", "/campaigns/1"))
    page.get_by_role("button", name=words[3]).click()
    page.locator(".chip", has_text=words[4]).wait_for()
    with session_factory() as session:
        assert session.get_one(CampaignRow, 1).state == "RUNNING"


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1366, "light"),
        pytest.param(1366, "dark", marks=pytest.mark.slow),
        pytest.param(360, "light", marks=pytest.mark.slow),
        pytest.param(360, "dark", marks=pytest.mark.slow),
    ],
)
def test_every_page_passes_axe(open_page, make_user, session_factory, campaign, scheme, width):
    make_user(Role.ADMIN)
    with session_factory.begin() as session:
        add_attempt(session, add_lead(session, campaign.id), "a1", outcome="HANDLED")
    size = {"viewport": {"width": width, "height": 768}, "color_scheme": scheme}
    page = open_page("admin", **size)
    base = page.url.split("/campaigns")[0]
    paths = (
        "/campaigns", "/campaigns/1", "/campaigns/new", "/lists", "/lists/new", "/lists/1",
        "/users", "/users/new", "/do-not-call", "/do-not-call/new", "/audit", "/messages",
        "/incoming-messages",
        "/attempts", "/attempts/a1", "/totals", "/supervisor", "/supervisor/1", "/nowhere",
        "/recordings", "/pacing", "/machines", "/segments/new", "/contacts", "/api-keys/new",
    )  # fmt: skip
    for path in paths:
        page.goto(base + path)
        assert_accessible(page)
        assert_fits(page)
