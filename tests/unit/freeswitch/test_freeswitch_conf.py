"""The node's configuration is safe before it is complete."""

import re
from xml.etree import ElementTree

import pytest
from freeswitch_conf import (
    CONF,
    DIRECTIVE,
    LAB,
    LOOKUP,
    ROOT,
    files_read,
    load,
    params,
    profile,
    settings,
)

FILES = sorted(ROOT.rglob("*.xml"))
GOOD = "a1B2-c3D4_e5F6.g7~"
SITE = {"RELANCE_ESL_PASSWORD": GOOD}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
class TestEachFile:
    def test_is_well_formed(self, path):
        ElementTree.parse(path)

    def test_says_why_in_a_comment(self, path):
        assert re.search(r"<!--.{20,}?-->", path.read_text(encoding="utf-8"), re.DOTALL)

    def test_is_read(self, path):
        conf = CONF if path.is_relative_to(CONF) else LAB
        assert path.resolve() in files_read(conf)

    def test_comments_hold_no_directive_since_freeswitch_would_obey_it(self, path):
        text = path.read_text(encoding="utf-8")
        for comment in re.findall(r"<!--.*?-->", text, re.DOTALL):
            assert "X-PRE-PROCESS" not in comment.upper()

    def test_directives_stand_alone_on_their_line(self, path):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "X-PRE-PROCESS" in line:
                assert DIRECTIVE.fullmatch(line.strip()), line

    def test_holds_no_password(self, path):
        text = path.read_text(encoding="utf-8")
        assert "ClueCon" not in text
        for value in re.findall(
            r'name="[^"]*(?:password|passphrase|a1-hash)"\s+value="([^"]*)"', text
        ):
            assert value.startswith("$${") or value == "false"
        for data in re.findall(r'cmd="set"\s+data="([^"]*)"', text):
            assert "password=" not in data

    def test_names_no_variable_that_nothing_sets(self, path):
        conf = CONF if path.is_relative_to(CONF) else LAB
        given = set(re.findall(r'data="(\w+)=', (conf / "vars.xml").read_text(encoding="utf-8")))
        used = set(re.findall(r"\$\$\{(\w+)\}", path.read_text(encoding="utf-8")))
        assert used <= given | {"hostname", "local_ip_v4", "certs_dir"}


class TestIncludes:
    @pytest.mark.parametrize("conf", [CONF, LAB], ids=["node", "lab"])
    def test_resolve(self, conf):
        for path in sorted(conf.rglob("*.xml")):
            for command, data in DIRECTIVE.findall(path.read_text(encoding="utf-8")):
                if command == "include" and "$${" not in data:
                    assert list(path.parent.glob(data)) or ".." in data
        assert {p.resolve() for p in conf.rglob("*.xml")} == files_read(conf)

    def test_phones_come_from_the_site_s_folder(self, tmp_path):
        (tmp_path / "1001.xml").write_text('<include>\n<user id="1001"/>\n</include>\n')
        document = load(CONF, SITE | {"RELANCE_AGENTS_DIR": str(tmp_path)})
        assert [user.get("id") for user in document.iter("user")] == ["1001"]


class TestLookup:
    """Phones' accounts from the product: only when it is named, only over a safe way."""

    @staticmethod
    def binding(environment):
        document = load(CONF, SITE | environment)
        is_loaded = "mod_xml_curl" in {one.get("module") for one in document.iter("load")}
        found = document.find(".//configuration[@name='xml_curl.conf']/bindings/binding")
        assert is_loaded is (found is not None)
        return None if found is None else params(found)

    def test_is_absent_until_a_directory_is_named(self):
        assert self.binding({}) is None

    @pytest.mark.parametrize(
        "url",
        ["http://relance.example.org/switch/directory", "", "https://", "file:/etc/passwd",
         "ftp://127.0.0.1/", "http://127x/", "https://a b", 'https://a"/>', "http://localhost.evil/"],
    )  # fmt: skip
    def test_is_absent_for_an_address_that_is_not_safe(self, url):
        assert self.binding({"RELANCE_DIRECTORY_URL": url}) is None

    @pytest.mark.parametrize(
        "url",
        [LOOKUP["RELANCE_DIRECTORY_URL"], "http://127.0.0.1:8080/switch/directory",
         "http://localhost:8080/switch/directory"],
    )  # fmt: skip
    def test_asks_the_product_and_checks_whom_it_asks(self, url):
        secret = {"RELANCE_DIRECTORY_SECRET": GOOD}
        found = self.binding({"RELANCE_DIRECTORY_URL": url} | secret)
        assert found["gateway-url"] == url
        assert found["gateway-credentials"] == f"relance:{GOOD}"
        assert found["enable-cacert-check"] == found["enable-ssl-verifyhost"] == "true"
        assert 0 < int(found["timeout"]) <= 5, "the SIP profile waits for it"

    def test_is_loaded_before_the_phones_are(self):
        document = load(CONF, SITE | LOOKUP)
        modules = [one.get("module") for one in document.iter("load")]
        assert modules.index("mod_xml_curl") < modules.index("mod_sofia")


class TestEventSocket:
    def test_listens_on_loopback_once_the_password_is_set(self):
        found = settings(load(CONF, SITE), "event_socket.conf")
        assert (found["listen-ip"], found["password"]) == ("127.0.0.1", GOOD)
        assert found["apply-inbound-acl"] == "loopback.auto"

    @pytest.mark.parametrize(
        "password", [None, "", "ClueCon", "fifteen-letters", "a" * 201, "a b" * 9, "é" * 20]
    )
    def test_has_no_address_with_a_bad_password(self, password):
        environment = {} if password is None else {"RELANCE_ESL_PASSWORD": password}
        found = settings(load(CONF, environment), "event_socket.conf")
        assert found["listen-ip"].endswith(".invalid")

    def test_of_the_lab_has_no_address_without_the_script(self):
        assert settings(load(LAB), "event_socket.conf")["listen-ip"].endswith(".invalid")


class TestCore:
    def test_expands_no_api_call(self):
        assert settings(load(CONF, SITE), "switch.conf")["api-expansion"] == "false"
        assert settings(load(LAB), "switch.conf")["api-expansion"] == "false"

    @pytest.mark.parametrize("name", ["disable_system_api_commands", "disable_system_app_commands"])
    def test_runs_no_shell_command(self, name):
        text = (CONF / "vars.xml").read_text(encoding="utf-8")
        assert f'cmd="set" data="{name}=true"' in text
        assert text.count(name) == 1, "nothing may switch it back"

    def test_has_millisecond_events_and_limits(self):
        found = settings(load(CONF, SITE | {"RELANCE_MAX_SESSIONS": "77"}), "switch.conf")
        assert found["1ms-timer"] == "true"
        assert found["max-sessions"] == "77"
        assert int(found["sessions-per-second"]) > 0

    def test_media_ports_are_even(self):
        found = settings(load(CONF, SITE), "switch.conf")
        assert int(found["rtp-start-port"]) % 2 == int(found["rtp-end-port"]) % 2 == 0

    def test_loads_nothing_that_leads_around_the_dialplan(self):
        modules = {one.get("module") for one in load(CONF, SITE).iter("load")}
        assert not modules & {"mod_loopback", "mod_xml_rpc", "mod_lua", "mod_python3", "mod_v8"}


class TestDialplan:
    HARMLESS = frozenset(
        {"limit", "set", "ring_ready", "park", "hangup", "answer", "sched_hangup", "echo"}
    )

    def test_has_no_path_to_the_trunk(self):
        dialplan = load(CONF, SITE).find("section[@name='dialplan']")
        assert dialplan is not None
        used = {action.get("application") for action in dialplan.iter("action")}
        assert used <= self.HARMLESS
        assert not list(dialplan.iter("anti-action"))
        for action in dialplan.iter("action"):
            assert "sofia/" not in action.get("data", "")

    @pytest.mark.parametrize("context", ["carrier", "agents", "default", "public"])
    def test_context_ends_in_refusal(self, context):
        found = load(CONF, SITE).findall(f".//context[@name='{context}']/extension")
        last = found[-1].find("condition")
        assert last is not None
        assert not last.attrib, "the refusal must match every call"
        assert [a.get("application") for a in last.findall("action")] == ["hangup"]

    def test_every_profile_enters_a_context_that_exists(self):
        document = load(CONF, SITE)
        contexts = {one.get("name") for one in document.iter("context")}
        assert {profile(document, name)["context"] for name in ("carrier", "agents")} <= contexts

    def test_serves_no_number_until_one_is_named(self):
        assert not self.serves({}, "33188112233")

    def test_serves_the_numbers_named_and_no_other(self):
        site = {"RELANCE_INBOUND_NUMBERS": "33188[0-9]{6}|33199000000"}
        assert self.serves(site, "33188112233")
        assert self.serves(site, "+33199000000")
        assert not self.serves(site, "331881122334")
        assert not self.serves(site, "0033188112233")

    @staticmethod
    def serves(site, number):
        found = load(CONF, SITE | site).find(".//extension[@name='served_numbers']/condition")
        return bool(re.search(found.attrib["expression"], number))


class TestProfiles:
    def test_trunk_takes_calls_from_listed_addresses_only(self):
        document = load(CONF, SITE)
        found = profile(document, "carrier")
        assert found["auth-calls"] == found["auth-calls-acl-only"] == "true"
        assert found["apply-inbound-acl"] == "carrier"
        listed = document.find(".//list[@name='carrier']")
        assert listed is not None
        assert listed.get("default") == "deny"
        assert [node.get("cidr") for node in listed] == ["192.0.2.0/32"]

    def test_phones_need_their_password(self):
        found = profile(load(CONF, SITE), "agents")
        assert found["auth-calls"] == found["inbound-reg-force-matching-username"] == "true"
        assert "apply-inbound-acl" not in found

    @pytest.mark.parametrize("name", ["carrier", "agents"])
    def test_far_end_chooses_no_destination(self, name):
        document = load(CONF, SITE)
        found = profile(document, name)
        assert found["disable-transfer"] == "true"
        assert found["accept-blind-auth"] == found["accept-blind-reg"] == "false"
        assert "outbound_redirect_fatal=true" in (CONF / "vars.xml").read_text(encoding="utf-8")

    def test_gateway_is_the_one_the_dialer_names(self):
        gateway = load(CONF, SITE | {"RELANCE_CARRIER_PROXY": "sip.example.org"}).find(
            ".//profile[@name='carrier']/gateways/gateway[@name='carrier']"
        )
        assert gateway is not None
        assert params(gateway)["proxy"] == "sip.example.org"
        assert params(gateway)["register"] == "false"

    def test_user_dials_the_registered_phone_without_api_expansion(self):
        found = load(CONF, SITE | {"RELANCE_SIP_DOMAIN": "sip.example.org"}).find(
            ".//domain/params"
        )
        assert found is not None
        dial = params(found)["dial-string"]
        assert dial == "sofia/agents/${dialed_user}%sip.example.org"


def test_readme_lists_each_variable_and_no_other():
    text = (CONF / "vars.xml").read_text(encoding="utf-8")
    read = set(re.findall(r"\$(RELANCE_\w+)", text)) | set(re.findall(r"printenv (\w+)", text))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Variables")[2].partition("On the dialer's side")[0]
    assert set(re.findall(r"`(RELANCE_\w+)`", table)) == read
