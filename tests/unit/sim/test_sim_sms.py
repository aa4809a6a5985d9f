"""The SMS provider that sends nothing, and what those who are written to answer."""

import io

import orjson

from dialer.policy.opt_out import asks_to_stop
from dialer.sim.replies import OPT_OUTS, OTHERS, reply_of
from dialer.sim.sms_provider import SmsProvider


def send(provider, key, token="t"):
    body = orjson.dumps({"to": "+33612345678", "text": "Bonjour"})
    environ = {
        "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        "HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_IDEMPOTENCY_KEY": key,
    }  # fmt: skip
    said = []
    answer = b"".join(provider(environ, lambda status, _headers: said.append(status)))
    return said[0], orjson.loads(answer)


def test_a_message_is_taken_once_under_an_identity_of_its_run():
    taken = []
    provider = SmsProvider("run7", "t", taken.append)
    first, again, other = (send(provider, key) for key in ("a", "a", "b"))
    assert first == again == ("202 Accepted", {"id": "sms-run7-1"})
    assert other[1] == {"id": "sms-run7-2"}
    assert [message.provider_id for message in taken] == ["sms-run7-1", "sms-run7-2"]
    assert send(provider, "c", token="another")[0].startswith("401")


def test_a_few_answer_always_the_same_and_half_of_them_want_no_more():
    replies = [reply_of(1, f"+336{n:08d}") for n in range(10_000)]
    texts = [reply.text for reply in replies if reply is not None]
    n_stops = sum(map(asks_to_stop, texts))
    assert 300 < n_stops < 500 and 300 < len(texts) - n_stops < 500
    assert replies[:100] == [reply_of(1, f"+336{n:08d}") for n in range(100)]


def test_what_people_answer_is_understood():
    assert all(map(asks_to_stop, OPT_OUTS)) and not any(map(asks_to_stop, OTHERS))
