"""phones.py and lab/up.py without a FreeSWITCH."""

import hashlib
import re
import subprocess
import wave
from xml.etree import ElementTree

import audio
import phones
import pytest
import up
from freeswitch_conf import CONF, LAB, load, params, settings

from dialer.config import read_switches


class TestPhones:
    def test_file_holds_the_digest_of_the_password_printed(self, tmp_path, capsys):
        phones.main(["--domain", "sip.example.org", "--dir", str(tmp_path), "1001-1002"])
        printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
        assert list(printed) == ["1001", "1002"]
        text = (tmp_path / "1001.xml").read_text()
        assert printed["1001"] not in text
        digest = hashlib.md5(f"1001:sip.example.org:{printed['1001']}".encode()).hexdigest()
        assert params(ElementTree.fromstring(text).find(".//params"))["a1-hash"] == digest

    def test_is_no_file_for_strangers_to_read(self, tmp_path):
        phones.main(["--domain", "d", "--dir", str(tmp_path), "1001"])
        assert not (tmp_path / "1001.xml").stat().st_mode & 0o007

    def test_keeps_a_phone_unless_told_to_renew(self, tmp_path, capsys):
        common = ["--domain", "d", "--dir", str(tmp_path), "1001"]
        phones.main(common)
        first = (tmp_path / "1001.xml").read_text()
        phones.main(common)
        assert (tmp_path / "1001.xml").read_text() == first
        phones.main(["--renew", *common])
        assert (tmp_path / "1001.xml").read_text() != first
        assert len(capsys.readouterr().out.splitlines()) == 2

    @pytest.mark.parametrize(
        "text", ["", "abc", "../1001", "1", "1002-1001", "99-1001", "10-99999999"]
    )
    def test_refuses_what_is_no_extension(self, text):
        with pytest.raises(ValueError, match=r"must be|not a range"):
            list(phones.expand(text))

    def test_keeps_leading_zeros(self):
        assert list(phones.expand("0099-0101")) == ["0099", "0100", "0101"]


class TestAudio:
    def test_hums_where_no_voice_is_installed(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", "")
        audio.write_audio({"hello": ("fr", "Bonjour à tous")}, tmp_path)
        with wave.open(str(tmp_path / "hello.wav")) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
            assert file.getnframes() > 4000
            assert any(file.readframes(4000))

    def test_keeps_a_recording_that_is_there(self, tmp_path):
        (tmp_path / "hello.wav").write_bytes(b"recorded")
        audio.write_audio({"hello": ("fr", "Bonjour")}, tmp_path)
        assert (tmp_path / "hello.wav").read_bytes() == b"recorded"


class TestUp:
    @pytest.fixture()
    def nodes(self, tmp_path, monkeypatch):
        monkeypatch.setattr(up, "write_audio", lambda texts, folder: None)
        options = up.parse(
            ["--run-dir", str(tmp_path / "lab"), "--phones", "1001-1003", "--esl", "8031"]
        )
        return up.prepare(options, "a-password-for-the-lab")

    def test_sets_every_variable_the_carrier_reads(self, nodes):
        carrier, _ = nodes
        text = (LAB / "vars.xml").read_text(encoding="utf-8")
        assert set(carrier.environment) == set(re.findall(r"\$(RELANCE_LAB_\w+)", text))

    def test_sets_only_variables_the_switch_reads(self, nodes):
        _, switch = nodes
        text = (CONF / "vars.xml").read_text(encoding="utf-8")
        assert set(switch.environment) <= set(re.findall(r"RELANCE_\w+", text))

    def test_runs_the_product_s_configuration_on_loopback(self, nodes):
        _, switch = nodes
        document = load(switch.conf, switch.environment)
        found = settings(document, "event_socket.conf")
        assert (found["listen-ip"], found["listen-port"]) == ("127.0.0.1", "8031")
        assert {user.get("id") for user in document.iter("user")} == {"1001", "1002", "1003"}
        dial = params(document.find(".//domain/params"))["dial-string"]
        assert dial == "sofia/agents/agent${dialed_user}@127.0.0.1:5080"

    def test_prints_lines_the_dialer_reads(self, tmp_path, capsys):
        options = up.parse(["--run-dir", str(tmp_path), "--esl", "8031"])
        up.announce(options, "a-password-for-the-lab")
        out = capsys.readouterr().out
        line = re.search(r"^export RELANCE_SWITCHES='(.*)'$", out, re.MULTILINE)
        assert line is not None
        (switch,) = read_switches(line[1])
        assert (switch.host, switch.port) == ("127.0.0.1", 8031)
        assert switch.password == "a-password-for-the-lab"
        assert (tmp_path / "env").stat().st_mode & 0o077 == 0

    def test_refuses_a_password_the_switch_would_refuse(self, tmp_path):
        with pytest.raises(SystemExit):
            up.parse(["--run-dir", str(tmp_path), "--password", "short"])

    def test_stop_spares_a_stranger_who_took_the_number(self, tmp_path, capsys):
        with subprocess.Popen(["sleep", "30"], cwd="/") as stranger:
            (tmp_path / "pids.json").write_text(f"[{stranger.pid}]")
            assert up.main(["--run-dir", str(tmp_path), "--stop"]) == 0
            assert stranger.poll() is None
            stranger.kill()
        assert "none runs" in capsys.readouterr().out

    def test_says_what_is_missing(self, tmp_path, capsys):
        assert up.main(["--run-dir", str(tmp_path), "--freeswitch", "no-such-program"]) == 1
        assert "--freeswitch" in capsys.readouterr().err
