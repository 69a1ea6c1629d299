"""What one client gets: a fresh home, a sandbox of its own, an environment that leads to both, and a log."""

import contextlib
import json
import os
import shutil
import sys
import textwrap
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from . import programs
from .errors import Failure
from .person import Person
from .sandbox import Sandbox

PERSON = Path(__file__).resolve().parent / "person.py"


class Ended(Exception):
    """A case failed, and has said so; those after it would stand on sand."""


class Bed:
    """Everything that a client's `run(bed)` works with."""

    def __init__(self, job: dict) -> None:
        self.folder = Path(job["folder"])
        self.home = self.folder / "home"
        self.installs = {name: Path(place) for name, place in job["installs"].items()}
        self.entra_token = Path(job["entra_token"])
        self.passed = 0
        self.failed = 0
        self._pictures = Path(job["pictures"])
        self._log = self.folder / "log.txt"
        self._sandbox_program = Path(job["entra_sandbox"])
        self._running: list[programs.Running] = []
        self._sandbox: Sandbox | None = None

    def open(self) -> None:
        """Makes the home and starts the sandbox."""
        shutil.rmtree(self._pictures, ignore_errors=True)
        for place in (self.home, self.folder / "tmp"):
            place.mkdir(mode=0o700, parents=True)
        self._sandbox = Sandbox(self._sandbox_program, self.folder)
        self.know_hosts()

    def close(self) -> None:
        """Ends whatever was started."""
        for running in self._running:
            running.end()
        if self._sandbox:
            if self.failed:
                self.log(self._sandbox.told())
            self._sandbox.end()

    @property
    def sandbox(self) -> Sandbox:
        if self._sandbox is None:
            raise Failure("the sandbox is not started yet")
        return self._sandbox

    @property
    def pictures(self) -> Path:
        """Where screenshots go; they stay when all else here is deleted."""
        if not self._pictures.exists():
            self._pictures.mkdir(parents=True)
            print(f"   pictures: {self._pictures}", flush=True)
        return self._pictures

    @contextlib.contextmanager
    def case(self, sentence: str) -> Iterator[None]:
        """One thing proven: `sentence` says what."""
        self.log(f"-- case: {sentence}")
        began = time.monotonic()
        try:
            yield
        except Exception as why:
            told = str(why) if isinstance(why, Failure) else traceback.format_exc()
            self.fails(told, sentence, time.monotonic() - began)
            raise Ended from why
        self.passed += 1
        print(f"   ok {time.monotonic() - began:5.1f} s  {sentence}", flush=True)

    def fails(self, why: str, sentence: str = "outside of a case", seconds: float = 0.0) -> None:
        """Tells a failure."""
        self.failed += 1
        self.log(f"-- failed: {why}")
        print(f"   FAIL {seconds:3.1f} s  {sentence}", flush=True)
        print(textwrap.indent(why, " " * 12), flush=True)

    def log(self, text: str) -> None:
        """Adds to the log, which is shown if the client fails."""
        with self._log.open("a") as log:
            log.write(text.rstrip("\n") + "\n")

    def environment(self, **more: str | Path) -> dict[str, str]:
        """The environment of every program here: nothing of the caller's. Whoever wants a CA gets the sandbox's."""
        folders = [
            self.entra_token.parent,
            Path(os.path.realpath(sys.executable)).parent,
            *programs.folders_of("node"),
            "/usr/local/bin",
            "/usr/bin",
            "/bin",
        ]
        trusted = dict.fromkeys(
            ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), self.sandbox.ca_file
        )
        plain = {
            "PATH": os.pathsep.join(dict.fromkeys(str(folder) for folder in folders)),
            "HOME": self.home,
            "TMPDIR": self.folder / "tmp",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        }
        return {name: str(value) for name, value in {**plain, **trusted, **more}.items()}

    def browser(self, user: str | None = None, ca_file: str | Path | None = None) -> str:
        """A value of `$BROWSER` that lets `user` sign in."""
        user = user or self.sandbox.user
        known = {
            "user": user,
            "password": self.sandbox.password(user),
            "ca_file": str(ca_file or self.sandbox.ca_file),
            "log": str(self._log),
        }
        # A file, since programs keep what looks like a secret from the browsers that they start.
        file = self.folder / f"person-{user}.json"
        file.write_text(json.dumps(known))
        return f"{PERSON} {file} %s &"

    def person(self, user: str | None = None) -> Person:
        """Somebody who signs in to the sandbox."""
        user = user or self.sandbox.user
        return Person(user, self.sandbox.password(user), self.sandbox.ca_file, self.log)

    def run(self, argv: list, **options) -> programs.Ran:
        """Runs a program to its end; see `programs.run`. A status that is not wanted fails the case."""
        options.setdefault("env", self.environment())
        options.setdefault("cwd", self.home)
        return programs.run(argv, self.log, **options)

    def start(self, argv: list, **options) -> programs.Running:
        """Starts a program that goes on in the background; it is ended with the client."""
        options.setdefault("env", self.environment())
        options.setdefault("cwd", self.home)
        running = programs.Running(argv, self.folder, self.log, **options)
        self._running.append(running)
        return running

    def entra(self, *arguments: str, **options) -> programs.Ran:
        """Runs entra-token, as built for release."""
        return self.run([self.entra_token, *arguments], **options)

    def know_hosts(self) -> None:
        """Writes the `config.toml` in which the workspace's addresses may be given tokens."""
        rest = f'resource = "{self.sandbox.databricks}"\nauthority = "{self.sandbox.authority}"\n'
        names = (self.sandbox.workspace, self.sandbox.workspace_http)
        hosts = [f'[[host]]\nname = "{name}"\n{rest}' for name in names]
        own = self.home / ".entra-token"
        own.mkdir(mode=0o700)
        (own / "config.toml").write_text("\n".join(hosts))
        (own / "config.toml").chmod(0o600)
