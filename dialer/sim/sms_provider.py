"""An SMS provider that sends nothing: it keeps what it gets and shows it in the browser.

A WSGI application, pure but for the list it keeps. It takes what channels/sms_http.py sends, is
idempotent by the Idempotency-Key as real providers are, and hands each message to `on_message`,
so that the live driver can send a delivery report and what its person answers.
"""

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

KEPT = 500
MAX_BODY = 64 * 1024
PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>SMS</title>
<meta http-equiv="refresh" content="2"><style>
body{{font:16px system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;padding:.4rem .6rem;
border-bottom:1px solid #ccc;vertical-align:top}}code{{white-space:nowrap}}</style>
<h1>SMS stand-in</h1><p>{count} messages received; the newest first.
Nothing has been sent to anybody.</p>
<table><tr><th>Id</th><th>To</th><th>Text</th></tr>{rows}</table></html>"""

Respond = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One message as it came."""

    provider_id: str
    to: str
    text: str


@dataclass(slots=True)
class SmsProvider:
    """`token`: what the Authorization header must bear; empty takes everybody. `run`: in each
    identity that is given, so that no other run gives the same."""

    run: str
    token: str
    on_message: Callable[[ReceivedMessage], None]
    n_received: int = 0
    received: list[ReceivedMessage] = field(default_factory=list)
    _by_key: dict[str, str] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        """WSGI: POST /messages takes a message, GET / shows what came."""
        if environ["REQUEST_METHOD"] == "POST":
            return self._take(environ, respond)
        if environ.get("PATH_INFO") == "/messages":
            return _json(respond, "200 OK", {"count": self.n_received})
        respond("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [self._page()]

    def _take(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        if self.token and environ.get("HTTP_AUTHORIZATION") != f"Bearer {self.token}":
            return _json(respond, "401 Unauthorized", {"error": "token"})
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MAX_BODY:
            return _json(respond, "413 Content Too Large", {"error": "size"})
        try:
            body = orjson.loads(environ["wsgi.input"].read(int(length)))
            number, text = str(body["to"]), str(body["text"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return _json(respond, "400 Bad Request", {"error": "to and text are wanted"})
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        return _json(respond, "202 Accepted", {"id": self._keep(key, number, text)})

    def _keep(self, key: str, number: str, text: str) -> str:
        if key and key in self._by_key:
            return self._by_key[key]
        self.n_received += 1
        message = ReceivedMessage(f"sms-{self.run}-{self.n_received}", number, text)
        self.received = [message, *self.received][:KEPT]
        if key:
            self._by_key[key] = message.provider_id
        self.on_message(message)
        return message.provider_id

    def _page(self) -> bytes:
        rows = "".join(
            f"<tr><td>{m.provider_id}<td><code>{html.escape(m.to)}</code><td>{html.escape(m.text)}"
            for m in self.received
        )
        return PAGE.format(count=self.n_received, rows=rows).encode()


def _json(respond: Respond, status: str, body: object) -> Iterable[bytes]:
    respond(status, [("Content-Type", "application/json")])
    return [orjson.dumps(body)]
