"""Programs run and watched, with all that they say in the log."""

import functools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import Failure

Log = Callable[[str], None]


@dataclass
class Ran:
    """A program that has ended."""

    command: str
    status: int
    stdout: str
    stderr: str

    def json(self):
        """Its standard output, which is one JSON document."""
        try:
            return json.loads(self.stdout)
        except ValueError as why:
            raise Failure(f"`{self.command}` did not print JSON ({why}):\n{self.stdout}{self.stderr}") from why


def run(
    argv: list,
    log: Log,
    *,
    env: dict,
    cwd: Path,
    stdin: str | None = None,
    timeout: float = 120,
    status: int | None = 0,
) -> Ran:
    """Runs a program to its end. It must end with `status`, unless that is None."""
    argv = [str(word) for word in argv]
    command = shlex.join(argv)
    given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
    try:
        done = subprocess.run(
            argv,
            env=env,
            cwd=cwd,
            timeout=timeout,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **given,
        )
    except subprocess.TimeoutExpired as late:
        log(f"$ {command}\n{shown(late.stdout)}{shown(late.stderr)}")
        raise Failure(f"`{command}` did not end within {timeout:.0f} s") from late
    except OSError as why:
        raise Failure(f"`{command}` does not run: {why}") from why
    log(f"$ {command}\n{shown(done.stdout)}{shown(done.stderr)}  = {done.returncode}")
    if status is not None and done.returncode != status:
        raise Failure(f"`{command}` ended with {done.returncode}, not {status}:\n{done.stdout}{done.stderr}")
    return Ran(command, done.returncode, done.stdout, done.stderr)


class Running:
    """A program in the background, its output in files."""

    def __init__(self, argv: list, folder: Path, log: Log, *, env: dict, cwd: Path, stdin: str | None = None) -> None:
        self.argv = [str(word) for word in argv]
        self.command = shlex.join(self.argv)
        self._log = log
        self._ended = False
        outputs = Path(tempfile.mkdtemp(prefix="output-", dir=folder))
        self._stdout, self._stderr = outputs / "stdout", outputs / "stderr"
        with self._stdout.open("w") as stdout, self._stderr.open("w") as stderr:
            self._process = subprocess.Popen(
                self.argv,
                env=env,
                cwd=cwd,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        if stdin is not None:
            self._process.stdin.write(stdin)
            self._process.stdin.close()

    def says(self, pattern: str, timeout: float = 60) -> re.Match:
        """Waits until its output, of either stream, has `pattern`."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            ended = self._process.poll() is not None
            found = re.search(pattern, self.said())
            if found:
                return found
            if ended:
                break
            time.sleep(0.02)
        self._told()
        raise Failure(f"`{self.command}` did not say `{pattern}`; it said:\n{self.said()}")

    def finish(self, timeout: float = 120, status: int | None = 0) -> Ran:
        """Waits until it ends by itself."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired as late:
            self._told()
            raise Failure(f"`{self.command}` did not end within {timeout:.0f} s; it said:\n{self.said()}") from late
        self._told()
        if status is not None and code != status:
            raise Failure(f"`{self.command}` ended with {code}, not {status}:\n{self.said()}")
        return Ran(
            self.command, code, self._stdout.read_text(errors="replace"), self._stderr.read_text(errors="replace")
        )

    def end(self) -> None:
        """Ends it, and all that it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._told()

    def said(self) -> str:
        """All that it has printed so far, standard output first."""
        return self._stdout.read_text(errors="replace") + self._stderr.read_text(errors="replace")

    def _told(self) -> None:
        if not self._ended:
            self._ended = True
            self._log(f"$ {self.command} &\n{shown(self.said())}  = {self._process.poll()}")


@functools.cache
def folders_of(*commands: str) -> list[Path]:
    """Where commands of this computer are."""
    found = [shutil.which(command) for command in commands]
    return [Path(path).resolve().parent for path in found if path]


def shown(text: str | bytes | None) -> str:
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return textwrap.indent(text, "    ") + ("" if text.endswith("\n") else "\n") if text else ""
