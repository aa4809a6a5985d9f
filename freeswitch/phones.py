"""Write the directory files of agents' phones, one per extension.

    python freeswitch/phones.py --domain sip.example.org --dir /etc/relance/phones 1001-1020 1050

Each phone gets a random password, printed once as `extension password`; the file keeps only the
digest of it that SIP needs, so that reading the directory does not give the passwords away. Files
that exist are kept unless --renew. Then `reloadxml` on the node.
"""

import argparse
import hashlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

MAX_PHONES = 5000


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--domain", required=True, help="the value of RELANCE_SIP_DOMAIN")
    parser.add_argument("--dir", required=True, type=Path, help="the value of RELANCE_AGENTS_DIR")
    parser.add_argument("--renew", action="store_true", help="new passwords for existing phones")
    parser.add_argument("extensions", nargs="+", help="1001 or 1001-1020")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[A-Za-z0-9.-]+", options.domain):
        parser.error("--domain must be a host name or an address")
    try:
        extensions = [one for text in options.extensions for one in expand(text)]
    except ValueError as error:
        parser.error(str(error))
    options.dir.mkdir(parents=True, exist_ok=True, mode=0o750)
    for extension in extensions:
        path = options.dir / f"{extension}.xml"
        if path.exists() and not options.renew:
            continue
        password = secrets.token_urlsafe(18)
        path.touch(mode=0o640)
        path.write_text(phone_xml(extension, options.domain, password), encoding="utf-8")
        print(extension, password)
    return 0


def expand(text: str) -> Iterator[str]:
    """`1001-1003` -> 1001, 1002, 1003. Raises ValueError."""
    match = re.fullmatch(r"(\d{2,8})(?:-(\d{2,8}))?", text)
    if not match:
        raise ValueError(f"{text!r}: must be 1001 or 1001-1020")
    first, last = match[1], match[2] or match[1]
    if len(first) != len(last) or not 0 <= int(last) - int(first) < MAX_PHONES:
        raise ValueError(f"{text!r}: not a range of extensions")
    return (str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def phone_xml(extension: str, domain: str, password: str) -> str:
    """The user element. `a1-hash` is RFC 2617's HA1, hence the domain must not change later."""
    digest = hashlib.md5(f"{extension}:{domain}:{password}".encode()).hexdigest()
    return f"""<include>
  <user id="{extension}">
    <params>
      <param name="a1-hash" value="{digest}"/>
    </params>
    <variables>
      <variable name="user_context" value="agents"/>
    </variables>
  </user>
</include>
"""


if __name__ == "__main__":
    raise SystemExit(main())
