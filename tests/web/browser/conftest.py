"""One Chromium and one web server for all journeys; each has its own browser context, and empty
tables, Redis and files."""

import shutil

import pytest
from playwright.sync_api import sync_playwright
from web_person import PASSWORD

from browser.pages import CHROMIUM, LOCALES, PATIENCE_S, ROOT, Server, launch
from browser.sip_peer import DOMAIN, SECRET, SOCKET


@pytest.fixture(scope="package")
def playwright():
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; RELANCE_CHROMIUM names another")
    if not (ROOT / "web/static/dist/manifest.json").exists():
        pytest.skip("the front end is not built: python scripts/build_assets")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright):
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def _var_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("web")


@pytest.fixture
def var_dir(_var_dir):
    """The web's own files: none but its key. Recordings are looked for in `recordings` of it."""
    for path in _var_dir.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    return _var_dir


@pytest.fixture(scope="package")
def server(database_url, servers, _var_dir):
    """Serves whoever comes; what it keeps is in PostgreSQL, Redis and files."""
    running = Server(
        {
            "DATABASE_URL": database_url.replace("postgresql+psycopg2://", "postgresql://"),
            "REDIS_URL": servers.redis_url, "RELANCE_VAR": str(_var_dir),
            "RELANCE_RECORDINGS": str(_var_dir / "recordings"), "RELANCE_WSS_URL": SOCKET,
            "RELANCE_SIP_DOMAIN": DOMAIN, "RELANCE_DIRECTORY_SECRET": SECRET,
        }
    )  # fmt: skip
    running.start()
    yield running
    running.stop()


@pytest.fixture
def address(server, redis_url, session_factory, var_dir):
    """Of the server, with nothing in it."""
    return server.address


@pytest.fixture
def open_page(chromium, address):
    """Opens a logged-in page; the test fails when a page's script or policy complains."""
    contexts, complaints = [], []

    def opened(login, language="fr", before=None, **options):
        settings = {"viewport": {"width": 1366, "height": 768}} | options
        context = chromium.new_context(
            locale=LOCALES[language], reduced_motion="reduce", **settings
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        if before is not None:
            before(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.goto(address + "/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
