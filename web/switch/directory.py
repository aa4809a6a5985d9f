"""The directory that FreeSWITCH asks (mod_xml_curl) when a phone registers or is to be called.

Answers for browsers of agents only; whatever else is asked for is "not found", upon which the
switch looks into its own files. The switch reads the answer line by line through its
pre-processor: a line with `<?` is skipped (so there is no prolog), and what stood in a name could
be a command. So nothing of the question is repeated before it has matched its pattern.
"""

import hmac
import re
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from dialer.model.phone import EXTENSION
from web.extensions import bus, csrf, settings
from web.permissions import for_everyone
from web.ratelimit import is_over
from web.switch import credentials

bp = Blueprint("switch", __name__, url_prefix="/switch")

USER = "relance"
"""Name of the switches' common account; the secret is in the settings."""
ACTIONS = frozenset({"sip_auth", "user_call"})
"""Why a phone is looked up: it registers, or it is called. Others ask for nothing of ours."""
DIAL_STRING = "sofia/agents/${dialed_user}%${dialed_domain}"
"""`%` leads to where the extension has registered."""
MAX_BODY_BYTES = 16 * 1024
LOOKUPS_PER_S, WRONG_PER_MINUTE = 200, 20
_A1 = re.compile(r"[0-9a-f]{32}")


@bp.route("/directory", methods=["GET", "POST"])
@csrf.exempt
@for_everyone
def directory() -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    secret = settings().phones.directory_secret
    if not secret:
        abort(404)
    address = str(request.remote_addr)
    if not _is_switch(secret):
        is_guessing = is_over(bus().redis, f"directory:{address}", WRONG_PER_MINUTE, 60)
        return Response(status=429) if is_guessing else _who_are_you()
    if is_over(bus().redis, f"lookups:{address}", LOOKUPS_PER_S, 1):
        return Response(status=429)
    return _document(_account(request.values.to_dict()))


def _is_switch(secret: str) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    pair = f"{given.username}:{given.password}".encode()
    return hmac.compare_digest(pair, f"{USER}:{secret}".encode())


def _who_are_you() -> Response:
    return Response(status=401, headers={"WWW-Authenticate": 'Basic realm="directory"'})


def _account(asked: dict[str, str]) -> Element:
    domain, extension = settings().phones.sip_domain, asked.get("user", "")
    is_ours = (
        asked.get("section") == "directory"
        and asked.get("action") in ACTIONS
        and asked.get("domain") == domain
        and EXTENSION.fullmatch(extension) is not None
    )
    found = credentials.standing(bus().redis, extension) if is_ours else None
    if found is None or not _A1.fullmatch(found.a1_hash):
        return _not_found()
    return _found(domain, extension, found.a1_hash)


def _not_found() -> Element:
    section = Element("section", name="result")
    SubElement(section, "result", status="not found")
    return section


def _found(domain: str, extension: str, a1_hash: str) -> Element:
    section = Element("section", name="directory")
    home = SubElement(section, "domain", name=domain)
    group = SubElement(SubElement(home, "groups"), "group", name="agents")
    user = SubElement(SubElement(group, "users"), "user", id=extension)
    params = SubElement(user, "params")
    SubElement(params, "param", name="a1-hash", value=a1_hash)
    SubElement(params, "param", name="dial-string", value=DIAL_STRING)
    variables = SubElement(user, "variables")
    SubElement(variables, "variable", name="user_context", value="agents")
    return section


def _document(section: Element) -> Response:
    document = Element("document", type="freeswitch/xml")
    document.append(section)
    return Response(tostring(document, encoding="unicode"), content_type="text/xml")
