"""The phone in the page on a real FreeSWITCH: registered, called, heard in both directions.

Wants the laboratory (freeswitch/README.md, "Lab") started with `--directory-url
http://127.0.0.1:PORT/switch/directory --directory-secret SECRET`, its RELANCE_FREESWITCH_ESL and
RELANCE_FREESWITCH_PASSWORD, and RELANCE_FREESWITCH_WSS=wss://127.0.0.1:PORT,
RELANCE_FREESWITCH_DIRECTORY=PORT, RELANCE_DIRECTORY_SECRET=SECRET. The test is the dialer.
"""

import os
import sys
import uuid
from pathlib import Path

import pytest

from browser.pages import ROOT, Server, launch, told, wait_for
from dialer.config import read_switches
from dialer.model.commands import CallAgent
from dialer.model.events import AgentLoggedIn
from dialer.model.phone import PhoneKind
from dialer.store.tables import Role
from dialer.switch import verbs

sys.path[:0] = [str(ROOT / "freeswitch"), str(ROOT / "freeswitch" / "lab")]
from up import ask  # noqa: E402

WANTED = ("RELANCE_FREESWITCH_ESL", "RELANCE_FREESWITCH_PASSWORD", "RELANCE_FREESWITCH_WSS",
          "RELANCE_FREESWITCH_DIRECTORY", "RELANCE_DIRECTORY_SECRET")  # fmt: skip
GIVEN = {name: os.environ.get(name, "") for name in WANTED}
pytestmark = [
    pytest.mark.freeswitch, pytest.mark.browser, pytest.mark.timeout(180),
    pytest.mark.skipif(not all(GIVEN.values()), reason=f"needs {', '.join(WANTED)}"),
]  # fmt: skip

TALKS = "33612340001"
HEARD = """async () => {
  const report = await relancePhone.lines[0].session.connection.getStats();
  const rows = [...report.values()];
  const of = (type) => rows.find((row) => row.type === type) ?? {};
  return {
    received: of("inbound-rtp").packetsReceived ?? 0,
    energy: of("inbound-rtp").totalAudioEnergy ?? 0,
    sent: of("outbound-rtp").packetsSent ?? 0,
    dtls: of("transport").dtlsState,
  };
}"""


def api(line):
    port = int(GIVEN["RELANCE_FREESWITCH_ESL"].rpartition(":")[2])
    return ask(port, GIVEN["RELANCE_FREESWITCH_PASSWORD"], line)


def registrations():
    return api("sofia status profile agents reg").count("Auth-User:")


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = launch(playwright, "--ignore-certificate-errors")
    yield browser
    browser.close()


@pytest.fixture
def address(database_url, redis_url, session_factory, tmp_path):
    """The web where the switch's directory is looked for."""
    running = Server(
        {
            "DATABASE_URL": database_url.replace("postgresql+psycopg2://", "postgresql://"),
            "REDIS_URL": redis_url, "RELANCE_VAR": str(tmp_path),
            "RELANCE_WSS_URL": GIVEN["RELANCE_FREESWITCH_WSS"], "RELANCE_SIP_DOMAIN": "127.0.0.1",
        },
        port=GIVEN["RELANCE_FREESWITCH_DIRECTORY"],
    )  # fmt: skip
    running.start()
    yield running.address
    running.stop()


@pytest.fixture
def desk(open_page, make_user, campaign):
    agent_id = make_user(Role.AGENT, phone_kind="WEBRTC", phone_address="2001")
    page = open_page("agent")
    page.agent_id = agent_id
    page.wait_for_selector("#phone-box[data-phone='registered']")
    return page


@pytest.fixture
def call_agent(desk, bus):
    """Takes the seat, and calls its phone as the dialer does; the leg, answered and parked."""
    legs = []
    (switch,) = read_switches(f"esl://lab:password@{GIVEN['RELANCE_FREESWITCH_ESL']}")

    def call():
        leg_id = str(uuid.uuid4())
        command = CallAgent(desk.agent_id, 1, leg_id, "lab", "2001", PhoneKind.WEBRTC)
        legs.append(leg_id)
        assert api(verbs.dial_agent(command, switch).render()) == f"+OK {leg_id}\n"
        return leg_id

    desk.click("#seat-form button[type=submit]")
    wait_for(lambda: desk.evaluate("1") and told(bus, AgentLoggedIn))
    yield call
    for leg_id in legs:
        api(f"uuid_kill {leg_id}")


def test_agent_and_customer_hear_each_other_over_the_page(desk, call_agent, tmp_path):
    phone = call_agent()
    desk.wait_for_selector("#phone-box[data-phone='in_call']")
    customer = str(uuid.uuid4())
    line = f"originate {{origination_uuid={customer}}}sofia/gateway/carrier/{TALKS} &park()"
    try:
        assert api(line).startswith("+OK")
        recording = Path(tmp_path) / "talk.wav"
        assert api(f"uuid_setvar {customer} RECORD_STEREO true").startswith("+OK")
        assert api(f"uuid_bridge {customer} {phone}").startswith("+OK")
        before = desk.evaluate(HEARD)
        assert api(f"uuid_record {customer} start {recording} 30").startswith("+OK")
        wait_for(lambda: desk.evaluate(HEARD)["received"] > before["received"] + 150)
        after = desk.evaluate(HEARD)
        api(f"uuid_record {customer} stop {recording}")
    finally:
        api(f"uuid_kill {customer}")
    assert after["dtls"] == "connected"
    assert after["sent"] > before["sent"] + 50
    assert after["energy"] > before["energy"] + 0.001, "the customer's voice reaches the page"
    samples = memoryview(recording.read_bytes()[44:]).cast("h")
    assert max(abs(sample) for sample in samples[1::2]) > 1000, "and the page's the customer"


def test_a_page_loaded_anew_is_called_again_on_its_new_registration(desk, call_agent):
    first = call_agent()
    desk.wait_for_selector("#phone-box[data-phone='in_call']")
    desk.reload()
    desk.wait_for_selector("#phone-box[data-phone='registered']")
    wait_for(lambda: api(f"uuid_exists {first}") == "false")
    desk.evaluate("relancePhone.prepare()")
    call_agent()
    desk.wait_for_selector("#phone-box[data-phone='in_call']")


def test_after_the_log_out_nothing_is_registered_and_the_phone_cannot_be_called(desk):
    assert registrations() == 1
    desk.click("form[action='/logout'] button")
    desk.wait_for_url("**/login*")
    wait_for(lambda: registrations() == 0)
    assert api("originate user/2001 &park()").startswith("-ERR")
