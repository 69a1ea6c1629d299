"""A sandbox of one's own: an Entra ID and an Azure Databricks workspace, with Entra ID on port 443.

msal and az look up who is responsible for a user on port 443, whatever the port of their authority."""

import json
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

from .errors import Failure, check

STARTS_WITHIN = 30
# Requests that a failure shows.
SHOWN = 30


class Sandbox:
    """The process, what it says of itself, and its control API."""

    databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"

    def __init__(self, program: Path, folder: Path) -> None:
        self._errors = folder / "sandbox.log"
        argv = [str(program), "serve", "--authority-port", "443"]
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        self.described = self._first_line()
        self.authority: str = self.described["authority"]
        self.workspace: str = self.described["workspace"]
        self.workspace_http: str = self.described["workspace_http"]
        self.ca_file: str = self.described["ca_file"]
        self.client_id: str = self.described["client_id"]
        self.tenant: str = self.described["tenant"]
        self.user: str = self.described["users"][0]

    def refresh_token(self, user: str | None = None) -> str:
        """One that nobody has used."""
        return self.control("POST", "refresh-tokens", {"user": user or self.user})["refresh_token"]

    def password(self, user: str) -> str:
        """What `user` types."""
        return f"not-a-secret-of-{user.partition('@')[0]}"

    def behaves(self, **settings: object) -> None:
        """Changes its settings."""
        self.control("PATCH", "settings", settings)

    def requests(self, endpoint: str | None = None) -> list[dict]:
        """What Entra ID was asked, in order."""
        asked = [entry for entry in self.control("GET", "log") if entry["server"] == "authority"]
        return [entry for entry in asked if endpoint in (None, entry["endpoint"])]

    def forget(self) -> None:
        """Empties its log."""
        self.control("DELETE", "log")

    def takes(self, access_token: str) -> None:
        """Fails unless the workspace answers to this token."""
        asked = urllib.request.Request(
            f"{self.workspace}/api/2.0/clusters/list", headers={"Authorization": f"Bearer {access_token}"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=20, context=self.trusting()) as answer:
                check(json.load(answer).get("clusters"), "the workspace shows no clusters")
        except urllib.error.HTTPError as refused:
            raise Failure(f"the workspace refuses the token: {refused.code} {refused.read().decode()}") from refused

    def trusting(self) -> ssl.SSLContext:
        """TLS that trusts this sandbox alone."""
        return ssl.create_default_context(cafile=self.ca_file)

    def control(self, method: str, path: str, body: object = None):
        """Asks the control API; its README has the table."""
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.described['control']}/{path}", data=data, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise Failure(f"the sandbox refuses `{method} {path}`: {refused.read().decode()}") from refused
        return json.loads(text) if text else None

    def told(self) -> str:
        """What it was asked, in a line each."""
        lines = ["-- the sandbox was asked:"]
        for entry in self.control("GET", "log")[-SHOWN:]:
            fields = " ".join(f"{name}={value}" for name, value in entry["query"] + entry["form"])
            lines.append(f"  {entry['status']} {entry['method']} {entry['path']} {fields}"[:400])
        return "\n".join([*lines, self._errors.read_text()])

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _first_line(self) -> dict:
        timer = threading.Timer(STARTS_WITHIN, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if not line:
            self._process.wait()
            raise Failure(
                f"the sandbox did not start: {self._errors.read_text().strip()}\n"
                "Entra ID must be on port 443, which takes namespaces, or root and a free port"
            )
        return json.loads(line)
