from math import inf
from pathlib import Path

import pytest

from dialer.config import PhoneSettings, read_settings, read_switches
from dialer.model.errors import ConfigurationError

GOOD = "esl://fs1:s3cret@10.0.0.1:8022?customer=sofia/gateway/x/{number}&agent=user/{phone}"


def test_nothing_set_is_the_embedded_default():
    settings = read_settings({})
    assert (settings.database_url, settings.redis_url, settings.switches) == ("", "", ())
    assert (settings.http_port, settings.log_level) == (8080, "INFO")
    assert settings.var_dir == Path("var").absolute()


def test_a_switch_address_is_read_whole():
    (switch,) = read_switches(GOOD + "&notice=/n/{notice}.wav")
    assert (switch.name, switch.host, switch.port) == ("fs1", "10.0.0.1", 8022)
    assert switch.password == "s3cret"
    assert switch.customer_dial == "sofia/gateway/x/{number}"
    assert (switch.agent_dial, switch.notice_path) == ("user/{phone}", "/n/{notice}.wav")


def test_blanks_separate_switches_and_defaults_fill_in():
    first, second = read_switches("esl://a:pw1@h1  esl://:p%40w@h2\n")
    assert (first.name, first.port, first.agent_dial) == ("a", 8021, "user/{phone}")
    assert (second.name, second.password) == ("h2", "p@w")


def test_trunks_are_read_in_order_and_a_switch_without_any_has_its_one_dial_string():
    (switch,) = read_switches(
        "esl://a:pw1@h?trunk=one,100,20,sofia/gateway/one/{number}"
        "&trunk=two,0,0,[a=1,b=2]sofia/gateway/two/{number}&drain=yes"
    )
    (one, _), (two, _) = switch.trunks
    assert (one.name, one.max_calls, one.max_calls_per_s, one.max_failures) == ("one", 100, 20, 5)
    assert (two.max_calls, two.max_calls_per_s) == (inf, inf)
    assert switch.dial_of("two") == "[a=1,b=2]sofia/gateway/two/{number}"
    assert switch.dial_of("") == switch.customer_dial
    assert switch.is_draining


def test_recordings_lie_in_one_folder_or_in_one_for_each_switch():
    settings = read_settings({"RELANCE_RECORDINGS": "/mnt/{node}", "RELANCE_RECORDING_DAYS": "30"})
    assert (settings.recordings, settings.recording_days) == ("/mnt/{node}", 30)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RELANCE_RECORDINGS", "recordings"),
        ("RELANCE_RECORDINGS", "/mnt/{node}/wav"),
        ("RELANCE_RECORDINGS", "/mnt/{recording}"),
        ("RELANCE_RECORDING_DAYS", "0"),
        ("RELANCE_RECORDING_DAYS", "-1"),
        ("RELANCE_RECORDING_DAYS", "ten"),
        ("RELANCE_RECORDING_DAYS", "3651"),
        ("RELANCE_PACING_LOG_MONTHS", "0"),
    ],
)
def test_a_wrong_term_or_folder_is_named(name, value):
    with pytest.raises(ConfigurationError, match=name):
        read_settings({name: value})


@pytest.mark.parametrize("text", ["one", "one,1,1,sofia/x", "one,-1,0,{number}", ",1,1,{number}"])
def test_a_wrong_trunk_is_refused(text):
    with pytest.raises(ConfigurationError, match="trunk="):
        read_switches(f"esl://a:pw1@h?trunk={text}")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("esl://fs1:ClueCon@h", "password"),
        ("esl://fs1@h", "password"),
        ("esl://fs1:@h", "password"),
        ("http://fs1:pw@h", "esl://"),
        ("nonsense", "esl://"),
        ("esl://fs1:pw@h?customer=sofia/x", "{number}"),
        ("esl://fs1:pw@h?agent=user/100", "{phone}"),
        ("esl://a:pw@h1 esl://a:pw@h2", "one name"),
    ],
)
def test_a_wrong_switch_names_the_variable_and_the_fault(address, says):
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"RELANCE_SWITCHES": address})
    assert str(caught.value).startswith("RELANCE_SWITCHES")
    assert says in str(caught.value)


@pytest.mark.parametrize("port", ["notaport", "99999"])
def test_a_wrong_switch_port_names_the_variable(port):
    with pytest.raises(ConfigurationError, match=r"RELANCE_SWITCHES.*port"):
        read_switches(f"esl://fs1:pw@h:{port}")


def test_a_refused_password_is_not_repeated_in_the_message():
    with pytest.raises(ConfigurationError) as caught:
        read_switches("http://fs1:hush-hush@h")
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "web", "80 80"])
def test_a_wrong_port_names_its_variable(port):
    with pytest.raises(ConfigurationError, match="RELANCE_HTTP_PORT"):
        read_settings({"RELANCE_HTTP_PORT": port})


def test_a_port_in_other_digits_names_its_variable():
    with pytest.raises(ConfigurationError, match="RELANCE_HTTP_PORT"):
        read_settings({"RELANCE_HTTP_PORT": "8²"})


@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://", "postgresql+psycopg2://"])
def test_every_way_to_write_a_postgresql_address_is_taken(scheme):
    settings = read_settings({"DATABASE_URL": f"{scheme}u:p@h/d"})
    assert settings.database_url == "postgresql+psycopg2://u:p@h/d"


def test_another_database_is_refused_by_name():
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        read_settings({"DATABASE_URL": "sqlite:///x"})


PHONES = {
    "RELANCE_WSS_URL": "wss://a.example.org:7443 wss://b.example.org/sip",
    "RELANCE_DIRECTORY_SECRET": "s" * 16,
}


def test_browsers_phones_are_one_socket_for_each_switch_and_the_domain_of_the_first():
    phones = read_settings(PHONES).phones
    assert phones.wss_urls == ("wss://a.example.org:7443", "wss://b.example.org/sip")
    assert phones.sip_domain == "a.example.org"
    named = read_settings(PHONES | {"RELANCE_SIP_DOMAIN": "sip.example.org"}).phones
    assert named.sip_domain == "sip.example.org"


def test_without_any_there_is_no_phone_in_the_browser():
    assert read_settings({}).phones == PhoneSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("RELANCE_WSS_URL", "ws://a"), ("RELANCE_WSS_URL", "wss://a; script-src *"),
     ("RELANCE_WSS_URL", "wss://u:p@a"), ("RELANCE_WSS_URL", "wss://a,wss://b"),
     ("RELANCE_SIP_DOMAIN", "a b"), ("RELANCE_SIP_DOMAIN", "<a>"),
     ("RELANCE_DIRECTORY_SECRET", "short"), ("RELANCE_DIRECTORY_SECRET", "x:" * 20),
     ("RELANCE_DIRECTORY_SECRET", "")],
)  # fmt: skip
def test_a_wrong_word_about_phones_names_its_variable_and_is_not_repeated(name, value):
    with pytest.raises(ConfigurationError, match=name) as caught:
        read_settings(PHONES | {name: value})
    assert value == "" or value not in str(caught.value)
