"""What we render is byte for byte what FreeSWITCH wrote."""

from urllib.parse import unquote

import pytest
from esl_transcripts import HANDED_OVER, NAMES, frames, json_pairs, plain_pairs, raw_frames, sent

from esl.commands import Exit, Raw
from esl.events import parse_json, parse_plain
from esl.messages import Request
from esl.render import json_body, plain_body
from esl.requests import RequestReader
from esl.server import ServerConnection, render_event


def decoded(value):
    return "" if value == "_undef_" else unquote(value)


def bodies(kind):
    return [
        f.body for name in NAMES for f in frames(name) if f.content_type == f"text/event-{kind}"
    ]


def test_every_recorded_plain_event_is_rendered_again_byte_for_byte():
    for content in bodies("plain"):
        pairs, body = plain_pairs(content)
        text = None if body is None else body.decode()
        assert plain_body([(name, decoded(value)) for name, value in pairs], text) == content


def test_every_recorded_json_event_is_rendered_again_byte_for_byte():
    for content in bodies("json"):
        pairs = json_pairs(content)
        body = dict(pairs).get("_body")
        headers = [pair for pair in pairs if pair[0] != "_body"]
        assert json_body(headers, body) == content


def test_a_parsed_event_renders_to_its_own_bytes_unless_a_name_occurs_twice():
    compared = 0
    for content in bodies("plain"):
        names = [name for name, _ in plain_pairs(content)[0]]
        if len(set(names)) == len(names):
            event = parse_plain(content)
            assert plain_body(event.headers, event.body) == content
            compared += 1
    assert compared > 400


def test_an_event_reads_the_same_from_either_format():
    for content in bodies("plain"):
        event = parse_plain(content)
        again = parse_json(json_body(event.headers, event.body))
        assert (list(again.headers), again.headers) == (list(event.headers), event.headers)
        assert again.body == event.body


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_event_frame_has_the_head_we_write(name):
    for head, content in raw_frames(name):
        if b"text/event-json" in head:
            rendered = render_event(json_pairs_headers(content), json_body_of(content), "json")
            assert rendered == head + content
        elif b"text/event-plain" in head:
            assert head == b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % len(content)


def json_pairs_headers(content):
    return [pair for pair in json_pairs(content) if pair[0] != "_body"]


def json_body_of(content):
    return dict(json_pairs(content)).get("_body")


@pytest.mark.parametrize("name", [name for name in NAMES if name != HANDED_OVER])
def test_the_server_answers_a_whole_conversation_with_the_recorded_bytes(name):
    """All but the events, whose bytes are compared above."""
    server = ServerConnection()
    commands = iter(sent(name))
    recorded = [pair for pair in raw_frames(name) if b"text/event" not in pair[0]]
    written = []
    for head, body in recorded:
        if b"auth/request" in head:
            written.append(server.auth_request())
        elif b"disconnect-notice" in head:
            if not written[-1].endswith(body):
                written.append(server.disconnect_notice())
        else:
            text = next(commands)
            body_sent = "hello" if "content-length" in text else ""
            (request,) = server.receive_data(f"{text}\n\n{body_sent}".encode())
            assert request.body == body_sent.encode()
            written.append(answer(server, request, head, body))
    assert b"".join(written) == b"".join(head + body for head, body in recorded)
    assert server.state == "closed"


def answer(server, request: Request, head, body):
    if request.verb == "auth":
        return server.accept_auth() if b"+OK" in head else server.refuse_auth()
    if b"api/response" in head:
        return server.api_response(body)
    if request.verb == "bgapi":
        return server.job_reply(head.split(b"Job-UUID: ")[1].split(b"\n")[0].decode())
    if request.verb in ("event", "nixevent", "noevents", "filter"):
        return server.command_reply(server.subscriptions.apply(request))
    return server.command_reply(head.split(b"Reply-Text: ")[1].rstrip(b"\n").decode())


def test_the_connect_reply_is_rendered_byte_for_byte():
    head, _ = raw_frames(HANDED_OVER)[0]
    pairs, _ = plain_pairs(head)
    own = [(name, decoded(value)) for name, value in pairs[:-4]]
    server = ServerConnection(session_uuid="5ec8dc7c-c346-4e6a-a736-1485f6febb74")
    server.receive_data(b"connect\n\n")
    assert server.connect_reply(own) == head


def test_both_notices_of_a_handed_over_leg_are_rendered_byte_for_byte():
    recorded = [h + b for h, b in raw_frames(HANDED_OVER) if b"disconnect-notice" in h]
    server = ServerConnection(session_uuid="5ec8dc7c-c346-4e6a-a736-1485f6febb74")
    linger = server.linger_notice("sofia/switch/0000000000@127.0.0.1", 5)
    assert [linger, server.disconnect_notice()] == recorded


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_command_is_read_as_one_request(name):
    stream = "".join(text + "\n\n" for text in sent(name) if "content-length" not in text)
    expected = [text for text in sent(name) if "content-length" not in text]
    reader = RequestReader()
    requests = [request for byte in stream.encode() for request in reader.feed(bytes([byte]))]
    assert [f"{r.verb} {r.args}".strip() for r in requests] == [
        text.split("\n")[0].strip() for text in expected
    ]


def test_exit_reads_alike_from_a_value_and_from_text():
    assert Exit.encode() == Raw("exit").encode()
