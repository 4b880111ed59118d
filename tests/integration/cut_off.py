"""Run commands with no network but loopback, and count every attempt to use another one.

As a script it runs inside `unshare --user --map-root-user --net --mount`. The kernel of that
namespace counts each send and connection that finds no route, whoever makes it: Python, native
code, children and their children. Name look-ups count too, because the only name server that
programs there know is an address behind no route, and no daemon outside can be asked for them.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "192.0.2.53"
"""Of the block that is reserved for documentation."""
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41


@dataclass(frozen=True)
class Ran:
    """What a command did behind the wall."""

    code: int
    out: str
    err: str
    attempts: int
    """To reach anything but loopback."""
    seconds: float


def run_cut_off(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str], timeout_s: float
) -> list[Ran]:
    """Run the commands one after the other in one namespace; stops after one that fails."""
    unshare = shutil.which("unshare")
    assert unshare, "the offline proof needs unshare (util-linux)"
    plan = json.dumps([list(command) for command in commands])
    wall = [unshare, "--user", "--map-root-user", "--net", "--mount", "--kill-child"]
    child = subprocess.run(
        [*wall, sys.executable, __file__],
        input=plan,
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert child.returncode == 0, f"no namespace to test in: {child.stderr}"
    return [Ran(**each) for each in json.loads(child.stdout)]


def no_route_count() -> int:
    """Of this network namespace, both IP versions."""
    names, values = [
        line.split()
        for line in Path("/proc/net/snmp").read_text("ascii").splitlines()
        if line.startswith("Ip:")
    ]
    total = int(values[names.index("OutNoRoutes")])
    for line in Path("/proc/net/snmp6").read_text("ascii").splitlines():
        name, value = line.split()
        total += int(value) if name == "Ip6OutNoRoutes" else 0
    return total


def _only_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))
    interfaces = [name for _, name in socket.if_nameindex()]
    assert interfaces == ["lo"], interfaces


def _only_this_name_server(folder: Path) -> None:
    """Without the daemons of the machine, which would ask for us, outside of the namespace."""
    for daemons in ("/run", "/var/run"):
        if Path(daemons).is_dir() and not Path(daemons).is_symlink():
            _mount("-t", "tmpfs", "tmpfs", daemons)
    for name, text in {
        "resolv.conf": f"nameserver {NOWHERE}\noptions timeout:1 attempts:1\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    }.items():
        shown = Path("/etc", name).resolve()
        if shown.exists():
            (folder / name).write_text(text, encoding="ascii")
            _mount("--bind", str(folder / name), str(shown))
        else:  # a link into /run, which is empty and ours now
            shown.parent.mkdir(parents=True, exist_ok=True)
            shown.write_text(text, encoding="ascii")


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, timeout=10)


def _run(command: list[str]) -> Ran:
    before, began = no_route_count(), time.monotonic()
    child = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return Ran(
        code=child.returncode,
        out=child.stdout,
        err=child.stderr,
        attempts=no_route_count() - before,
        seconds=time.monotonic() - began,
    )


def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _only_loopback()
        _only_this_name_server(Path(folder))
        done: list[dict[str, object]] = []
        for command in json.load(sys.stdin):
            ran = _run(command)
            done.append(vars(ran))
            if ran.code != 0:
                break
        json.dump(done, sys.stdout)
        sys.stdout.flush()
    os.sync()


if __name__ == "__main__":
    _main()
