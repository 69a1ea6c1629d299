"""A place for one client: no network but a loopback of its own, so that port 443 is free and nothing can be asked of
the internet; and a process tree of its own, so that nothing outlives it."""

import contextlib
import fcntl
import functools
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from .catalogue import HERE, Client

SPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
# The last lines of a log are the ones that matter.
SHOWN = 200
# After its limit a client has so long to say what it was doing.
GRACE = 30


def run(client: Client, places: dict[str, Path], programs: list[Path], pictures: Path, keep: bool) -> tuple[int, int]:
    """Runs the client's cases; gives how many passed and failed."""
    folder = Path(tempfile.mkdtemp(prefix="entra-token-client-"))
    try:
        job = {
            "client": client.name,
            "limit": client.limit,
            "folder": str(folder),
            "installs": {name: str(place) for name, place in places.items()},
            "entra_token": str(programs[0]),
            "entra_sandbox": str(programs[1]),
            "pictures": str(pictures / client.name),
            "alone": bool(spaces()),
        }
        (folder / "job.json").write_text(json.dumps(job))
        watched(client, folder)
        return counted(folder)
    finally:
        if keep:
            print(f"   kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def described() -> str:
    """How clients are kept apart on this computer, in words."""
    if spaces():
        return "in namespaces of their own, without a network"
    return "in the open: this computer gives no namespaces, so port 443 must be free and ours to bind"


@functools.cache
def spaces() -> tuple[str, ...]:
    """The command that makes a place for one client; empty where this computer allows none."""
    for command in (SPACES, [*SPACES, "--map-root-user"]):
        try:
            done = subprocess.run([*command, "true"], capture_output=True, check=False)
        except OSError:
            return ()
        if done.returncode == 0:
            return tuple(command)
    return ()


def loopback_up() -> None:
    """What a new network namespace has to be told first."""
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(door, get_flags, request))[1]
        fcntl.ioctl(door, set_flags, struct.pack("16sh14x", b"lo", flags | up))


def watched(client: Client, folder: Path) -> None:
    argv = [*spaces(), sys.executable, "-B", "-m", "harness.child", str(folder / "job.json")]
    child = subprocess.Popen(argv, cwd=HERE, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        child.wait(client.limit + GRACE)
    except subprocess.TimeoutExpired:
        print(f"   FAIL  it did not end within {client.limit + GRACE} s", flush=True)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def counted(folder: Path) -> tuple[int, int]:
    try:
        result = json.loads((folder / "result.json").read_text())
        passed, failed = result["passed"], result["failed"]
    except (OSError, ValueError):
        passed, failed = 0, 1
    if failed:
        show_log(folder / "log.txt")
    elif not passed:
        print("   FAIL  it proved nothing", flush=True)
        failed = 1
    return passed, failed


def show_log(log: Path) -> None:
    """From the beginning of the case that failed."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else ["no log"]
    began = max((number for number, line in enumerate(lines) if line.startswith("-- case: ")), default=0)
    print(f"   -- the log of this case{f', its last {SHOWN} lines' if len(lines) - began > SHOWN else ''}:")
    for line in lines[began:][-SHOWN:]:
        print(f"   | {line}")
    sys.stdout.flush()
