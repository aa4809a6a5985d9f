"""Start a lab on loopback: the product's switch, and a carrier with agents' phones to call.

    python freeswitch/lab/up.py --freeswitch /usr/bin/freeswitch --run-dir /tmp/relance-lab
    python freeswitch/lab/up.py --run-dir /tmp/relance-lab --stop

Stays in the foreground until Ctrl-C, SIGTERM or --stop, then stops both nodes. The switch runs
freeswitch/conf unchanged, set only by its variables. Number plan: freeswitch/README.md.
"""

import argparse
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from audio import NOTICES, SPEECH, write_audio  # noqa: E402
from phones import expand, phone_xml  # noqa: E402

START_LIMIT_S = 60
STOP_LIMIT_S = 20
POLL_S = 0.25


class LabError(Exception):
    """The lab cannot run; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Node:
    """One FreeSWITCH to start. `profiles`: SIP profiles that must run before it is ready."""

    name: str
    conf: Path
    esl_port: int
    profiles: tuple[str, ...]
    environment: dict[str, str]


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    try:
        if options.stop:
            stop_lab(options.run_dir)
        else:
            run_lab(options)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else None,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--freeswitch", default="freeswitch", help="the program")
    add("--run-dir", required=True, type=Path, help="everything the lab writes goes below it")
    add("--stop", action="store_true", help="stop the lab of this run directory")
    add("--esl", type=int, default=8021, help="event socket of the switch")
    add("--lab-esl", type=int, default=8022, help="event socket of the lab carrier")
    add("--agents-port", type=int, default=5060, help="SIP of the switch towards phones")
    add("--trunk-port", type=int, default=5062, help="SIP of the switch towards the carrier")
    add("--lab-sip", type=int, default=5080, help="SIP of the lab carrier")
    add("--wss-port", type=int, default=7443, help="secure websocket of the switch")
    add("--rtp", type=int, default=16384, help="first of 16000 media ports, half for each node")
    add("--phones", default="1001-1100", help="extensions that user/NNNN reaches")
    add("--directory-url", default="", help="where the product answers for phones' accounts")
    add("--directory-secret", default="", help="RELANCE_DIRECTORY_SECRET of the product's web")
    add("--password", default="", help="of both event sockets; random when empty")
    add("--inbound", default="", help="pattern of numbers served when the lab carrier calls")
    add("--max-sessions", type=int, default=1000, help="legs at once on the switch")
    add("--sps", type=int, default=100, help="legs per second on the switch")
    add("--media-timeout-ms", type=int, default=30000, help="silence of the wire that ends a leg")
    options = parser.parse_args(arguments)
    options.run_dir = options.run_dir.absolute()
    if options.password and not re.fullmatch(r"[A-Za-z0-9_.~-]{16,200}", options.password):
        parser.error("--password: 16 letters, digits or _.~- at least; the switch refuses others")
    return options


def run_lab(options: argparse.Namespace) -> None:
    program = shutil.which(options.freeswitch)
    if not program:
        raise LabError(f"{options.freeswitch}: no such program; name it with --freeswitch")
    run_dir: Path = options.run_dir
    if live_pids(run_dir):
        raise LabError(f"a lab runs in {run_dir} already; stop it with --stop")
    password = options.password or secrets.token_urlsafe(24)
    nodes = prepare(options, password)
    for node in nodes:
        check_free(node.esl_port)

    stopping = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)

    running: list[subprocess.Popen[bytes]] = []
    try:
        for node in nodes:
            process = start(program, node, run_dir)
            running.append(process)
            remember(run_dir, running)
            wait_ready(node, process, password, stopping)
        if not stopping.is_set():
            announce(options, password)
        watch(running, nodes, stopping)
    finally:
        for process in reversed(running):
            end(process)
        (run_dir / "pids.json").unlink(missing_ok=True)


def prepare(options: argparse.Namespace, password: str) -> tuple[Node, Node]:
    """Write both configurations, the audio and the phones; the carrier comes first, to be there
    when the switch first asks for it."""
    run_dir: Path = options.run_dir
    run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_audio(SPEECH, run_dir / "audio")
    write_audio(NOTICES, run_dir / "notices")
    carrier = run_dir / "carrier" / "conf"
    switch = run_dir / "switch" / "conf"
    shutil.copytree(HERE / "carrier", carrier, dirs_exist_ok=True)
    shutil.copytree(HERE.parent / "conf", switch, dirs_exist_ok=True)
    phones = run_dir / "phones"
    shutil.rmtree(phones, ignore_errors=True)
    phones.mkdir()
    for extension in expand(options.phones):
        text = phone_xml(extension, "127.0.0.1", secrets.token_urlsafe(18))
        (phones / f"{extension}.xml").write_text(text, encoding="utf-8")
    recordings = run_dir / "recordings"
    recordings.mkdir(exist_ok=True)
    middle = options.rtp + 8000
    return (
        Node(
            "carrier",
            carrier,
            options.lab_esl,
            ("lab",),
            {
                "RELANCE_LAB_ESL_IP": "127.0.0.1",
                "RELANCE_LAB_ESL_PASSWORD": password,
                "RELANCE_LAB_ESL_PORT": str(options.lab_esl),
                "RELANCE_LAB_SIP_PORT": str(options.lab_sip),
                "RELANCE_LAB_RTP_START": str(middle),
                "RELANCE_LAB_RTP_END": str(middle + 7998),
                "RELANCE_LAB_AUDIO": str(run_dir / "audio"),
            },
        ),
        Node(
            "switch",
            switch,
            options.esl,
            ("carrier", "agents"),
            switch_variables(options, password),
        ),
    )


def switch_variables(options: argparse.Namespace, password: str) -> dict[str, str]:
    """What a site would set, for loopback. Phones are dialled where they are, unregistered."""
    run_dir: Path = options.run_dir
    variables = {
        "RELANCE_ESL_PASSWORD": password,
        "RELANCE_ESL_PORT": str(options.esl),
        "RELANCE_NODE": "lab",
        "RELANCE_SIP_IP": "127.0.0.1",
        "RELANCE_SIP_DOMAIN": "127.0.0.1",
        "RELANCE_CARRIER_PORT": str(options.trunk_port),
        "RELANCE_CARRIER_PROXY": f"127.0.0.1:{options.lab_sip}",
        "RELANCE_AGENTS_PORT": str(options.agents_port),
        "RELANCE_AGENTS_TLS_PORT": str(options.wss_port + 1),
        "RELANCE_WSS_PORT": str(options.wss_port),
        "RELANCE_AGENTS_DIR": str(run_dir / "phones"),
        "RELANCE_AGENTS_DIAL_BEFORE": "sofia/agents/agent",
        "RELANCE_AGENTS_DIAL_AFTER": f"@127.0.0.1:{options.lab_sip}",
        "RELANCE_NOTICES_DIR": str(run_dir / "notices"),
        "RELANCE_RECORDINGS_DIR": str(run_dir / "recordings"),
        "RELANCE_RTP_START": str(options.rtp),
        "RELANCE_RTP_END": str(options.rtp + 7998),
        "RELANCE_MAX_SESSIONS": str(options.max_sessions),
        "RELANCE_SESSIONS_PER_SECOND": str(options.sps),
        "RELANCE_MEDIA_TIMEOUT_MS": str(options.media_timeout_ms),
    }
    if options.directory_url:
        variables["RELANCE_DIRECTORY_URL"] = options.directory_url
        variables["RELANCE_DIRECTORY_SECRET"] = options.directory_secret
    if options.inbound:
        variables["RELANCE_INBOUND_NUMBERS"] = options.inbound
        variables["RELANCE_CARRIER_CIDR"] = "127.0.0.1/32"
    return variables


def start(program: str, node: Node, run_dir: Path) -> "subprocess.Popen[bytes]":
    """In a session of its own, so that Ctrl-C reaches us alone and we stop it in order."""
    base = run_dir / node.name
    folders = {"log": "log", "db": "db", "run": "run", "certs": "certs", "recordings": "recordings"}
    command = [program, "-nf", "-nc", "-nonat", "-np", "-conf", str(node.conf)]
    for flag, folder in folders.items():
        (base / folder).mkdir(parents=True, exist_ok=True)
        command += [f"-{flag}", str(base / folder)]
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("RELANCE_")}
    with (base / "output.log").open("wb") as output:
        return subprocess.Popen(
            command,
            env=inherited | node.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_ready(
    node: Node, process: "subprocess.Popen[bytes]", password: str, stopping: threading.Event
) -> None:
    """Until the event socket answers and every SIP profile runs. Raises LabError."""
    for _ in range(int(START_LIMIT_S / POLL_S)):
        if stopping.wait(POLL_S):
            return
        if process.poll() is not None:
            raise LabError(f"{node.name} ended at start; see {node.conf.parent}/log")
        try:
            states = ask(node.esl_port, password, "sofia status").splitlines()
        except OSError:
            continue
        up = {line.split()[0] for line in states if "profile" in line and "RUNNING" in line}
        if up.issuperset(node.profiles):
            return
    raise LabError(f"{node.name} is not ready after {START_LIMIT_S} s; see {node.conf.parent}")


def ask(port: int, password: str, command: str) -> str:
    """One API command over the event socket. Raises OSError, PermissionError among them."""
    with socket.create_connection(("127.0.0.1", port), 5) as link, link.makefile("rb") as reader:

        def frame() -> tuple[str, str]:
            headers: dict[str, str] = {}
            while (line := reader.readline().decode()) not in ("", "\n"):
                name, _, text = line.strip().partition(": ")
                headers[name] = text
            if not headers:
                raise ConnectionError("closed")
            body = reader.read(int(headers.get("Content-Length", "0"))).decode(errors="replace")
            return headers.get("Reply-Text", ""), body

        frame()
        link.sendall(f"auth {password}\n\n".encode())
        if not frame()[0].startswith("+OK"):
            raise PermissionError("password refused")
        link.sendall(f"api {command}\n\n".encode())
        return frame()[1]


def check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LabError(f"port {port} is taken; choose others by option") from error


def announce(options: argparse.Namespace, password: str) -> None:
    """The variables the dialer and its tests read, ready for a shell."""
    lines = (
        f"export RELANCE_SWITCHES='esl://lab:{password}@127.0.0.1:{options.esl}'",
        f"export RELANCE_FREESWITCH_ESL=127.0.0.1:{options.esl}",
        f"export RELANCE_FREESWITCH_PASSWORD={password}",
    )
    path: Path = options.run_dir / "env"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    print(f"# also in {path}; lab carrier: 127.0.0.1:{options.lab_esl}; Ctrl-C stops", flush=True)


def watch(
    running: "list[subprocess.Popen[bytes]]", nodes: tuple[Node, ...], stopping: threading.Event
) -> None:
    while not stopping.wait(1):
        for node, process in zip(nodes, running, strict=True):
            if process.poll() is not None:
                raise LabError(f"{node.name} ended; see {node.conf.parent}/log")


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def remember(run_dir: Path, running: "list[subprocess.Popen[bytes]]") -> None:
    pids = [os.getpid(), *(process.pid for process in running)]
    (run_dir / "pids.json").write_text(json.dumps(pids), encoding="utf-8")


def live_pids(run_dir: Path) -> list[int]:
    """Processes of this lab. A number taken over by a stranger is left out: the command line of
    each of ours names the run directory."""
    return [pid for pid in recorded_pids(run_dir) if is_ours(pid, run_dir)]


def recorded_pids(run_dir: Path) -> list[int]:
    """The script first, then its nodes."""
    try:
        pids: list[int] = json.loads((run_dir / "pids.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return pids


def is_ours(pid: int, run_dir: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        folder = Path(f"/proc/{pid}/cwd").resolve()
    except OSError:
        return False
    return any((folder / word).is_relative_to(run_dir) for word in words if word)


def stop_lab(run_dir: Path) -> None:
    """Ask the script, which stops its nodes; without it, or when it hangs, the nodes themselves."""
    pids = live_pids(run_dir)
    if not pids:
        print(f"lab: none runs in {run_dir}")
        return
    script = recorded_pids(run_dir)[0]
    ask_to_end([script] if script in pids else pids)
    pause = threading.Event()
    for attempt in range(int(2 * STOP_LIMIT_S / POLL_S)):
        pids = live_pids(run_dir)
        if not pids:
            return
        if attempt == int(STOP_LIMIT_S / POLL_S):
            ask_to_end(pids)
        pause.wait(POLL_S)
    raise LabError(f"still running: {pids}")


def ask_to_end(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main())
