"""A switch's SIP side as a browser's phone meets it: a registrar, and a caller. No media flows.

It checks a registration as FreeSWITCH does: by the digest that the product's directory tells.
"""

import hashlib
import re
from collections.abc import Callable
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from xml.etree import ElementTree

from browser.pages import PATIENCE_S

DOMAIN = "switch.test"
SOCKET = "wss://switch.test:7443"
SECRET = "secret-of-the-switches"
"""Of the product's directory."""
NONCE = "0123456789abcdef"
OFFER = """v=0
o=FreeSWITCH 1 1 IN IP4 127.0.0.1
s=FreeSWITCH
c=IN IP4 127.0.0.1
t=0 0
a=msid-semantic: WMS x
m=audio 9 UDP/TLS/RTP/SAVPF 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=rtcp-mux
a=ice-ufrag:abcdefgh
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host
a=end-of-candidates
a=sendrecv
""".format(fingerprint=":".join(["AB"] * 32)).replace("\n", "\r\n")


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


class Directory:
    """Asks the product for a phone's digest, as mod_xml_curl does."""

    def __init__(self, address: str, authorization: str) -> None:
        self.url = f"{address}/switch/directory"
        self.authorization = authorization

    def a1_of(self, extension: str) -> str:
        asked = {"section": "directory", "action": "sip_auth", "user": extension, "domain": DOMAIN}
        request = Request(
            self.url, urlencode(asked).encode(), {"Authorization": self.authorization}
        )
        with urlopen(request, timeout=PATIENCE_S) as answer:
            found = ElementTree.fromstring(answer.read()).find(".//param[@name='a1-hash']")
        return found.get("value", "") if found is not None else ""


class SipPeer:
    """One websocket of the page. `seen`: what the page sent, first lines of it in order."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.seen: list[str] = []
        self.sockets: list[object] = []
        self.contact = ""
        self.is_deaf = False

    def accept(self, socket) -> None:
        """A handler of playwright's route_web_socket."""
        self.sockets.append(socket)
        socket.on_message(lambda text: self._hear(socket, str(text)))

    def hang_up_socket(self) -> None:
        self.sockets[-1].close(code=1001)

    def call(self, header: str, call_id: str) -> None:
        """INVITE the page, marked with `header`."""
        self.sockets[-1].send(self._request("INVITE", call_id, 1, header, OFFER))

    def end(self, call_id: str) -> None:
        self.sockets[-1].send(self._request("BYE", call_id, 2, "", ""))

    def _request(self, method: str, call_id: str, cseq: int, header: str, body: str) -> str:
        to_tag = f";tag={self._tag_of(call_id)}" if method == "BYE" else ""
        lines = [
            f"{method} {self.contact} SIP/2.0",
            f"Via: SIP/2.0/WSS peer.invalid;branch=z9hG4bK{call_id}{cseq}",
            "Max-Forwards: 70",
            f"From: <sip:relance@{DOMAIN}>;tag=peer{call_id}",
            f"To: <sip:2001@{DOMAIN}>{to_tag}",
            f"Call-ID: {call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:relance@{DOMAIN};transport=ws>",
            *([header] if header else []),
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", body])

    def _tag_of(self, call_id: str) -> str:
        answer = next(
            text for text in self.seen if "200 OK" in text and f"Call-ID: {call_id}" in text
        )
        return re.search(r"^To:.*;tag=(\S+)", answer, re.M)[1]

    def _hear(self, socket, text: str) -> None:
        self.seen.append(text)
        if self.is_deaf:
            return
        answers: dict[str, Callable[[str], str]] = {"REGISTER": self._register, "BYE": _ok}
        answer = answers.get(text.partition(" ")[0])
        if answer is not None:
            socket.send(answer(text))
        elif text.startswith("SIP/2.0 200") and "CSeq: 1 INVITE" in text:
            call_id = re.search(r"^Call-ID: (\S+)", text, re.M)[1]
            ack = self._request("ACK", call_id, 1, "", "")
            socket.send(
                ack.replace(f"To: <sip:2001@{DOMAIN}>", re.search(r"^To:.*", text, re.M)[0].strip())
            )

    def _register(self, text: str) -> str:
        given = re.search(r"^Authorization: Digest (.*)", text, re.M)
        if given is None:
            asks = f'Digest realm="{DOMAIN}", nonce="{NONCE}", algorithm=MD5, qop="auth"'
            return _reply(text, "401 Unauthorized", f"WWW-Authenticate: {asks}")
        words = dict(re.findall(r'(\w+)="?([^",\r]+)"?', given[1]))
        a1 = self.directory.a1_of(words["username"])
        a2 = md5(f"REGISTER:{words['uri']}")
        wanted = md5(f"{a1}:{NONCE}:{words['nc']}:{words['cnonce']}:auth:{a2}")
        if not a1 or words["response"] != wanted:
            return _reply(text, "403 Forbidden")
        contact = re.search(r"^Contact: (<[^>]+>)", text, re.M)
        self.contact = contact[1].strip("<>") if contact else self.contact
        return _reply(text, "200 OK", f"Contact: {contact[1]};expires=120" if contact else "")


def _ok(text: str) -> str:
    return _reply(text, "200 OK")


def _reply(text: str, status: str, header: str = "") -> str:
    copied = [
        line
        for line in text.split("\r\n")
        if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")
    ]
    to = re.search(r"^To:.*", text, re.M)[0].strip()
    lines = [f"SIP/2.0 {status}", *copied, to if "tag=" in to else f"{to};tag=peer"]
    return "\r\n".join([*lines, *([header] if header else []), "Content-Length: 0", "", ""])
