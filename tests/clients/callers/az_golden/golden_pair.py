"""The two programs, side by side."""

import json
import re
import shlex
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import golden_cases as cases

from harness.errors import Failure, check_equal

FORKS = Path(__file__).resolve().parent / "forks.py"

# What is other each time, in the order in which it is masked.
MASKS = [
    (r"eyJ[\w.-]{40,}", "TOKEN"),
    (r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\b", "LOCAL"),
    (r"\b1[789]\d{8}\b", "EPOCH"),
    (r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ", "TIME"),
    (r"((?:Trace|Correlation) ID): [0-9a-f-]{36}", r"\1: ID"),
    (r"\b\d+\.\d{3}\b(?= seconds|, invoke|\))", "N"),
    # A column is as wide as the token in it.
    (r"(AccessToken|Result) {100,}", r"\1 (wide)"),
    (r"-{100,}", "(wide)"),
]


@dataclass
class Done:
    """A command that has ended."""

    status: int
    stdout: str
    stderr: str

    def json(self):
        return json.loads(self.stdout)

    def masked(self) -> dict[str, str]:
        """Its streams, the status as a text, without what is other each time."""
        streams = {"status": str(self.status), "stdout": self.stdout, "stderr": self.stderr}
        for pattern, instead in MASKS:
            streams = {name: re.sub(pattern, instead, text) for name, text in streams.items()}
        return streams


class Pair:
    """az and ours, each with a folder of its own, in the same state."""

    def __init__(self, bed, name: str) -> None:
        self.bed = bed
        self.az = Az(bed, name)
        self.ours = Ours(bed, name)

    def knows_the_sandbox(self) -> None:
        """The cloud is called as we call one that is no known cloud: by its host."""
        authority = self.bed.sandbox.authority
        host = authority.removeprefix("https://")
        self.az.works(f"cloud register --name {host} --endpoint-resource-manager {authority}")
        self.az.works(f"cloud set --name {host}")
        self.az.imports("account list --refresh")

    def signs_in(self) -> None:
        user = self.bed.sandbox.user
        for program in (self.az, self.ours):
            program.works(f"login --username {user} --password {self.bed.sandbox.password(user)}")

    def compared(self, row: cases.Row) -> list[str]:
        """What is wrong, in words."""
        theirs, ours = (program(row.line, **row.variables).masked() for program in (self.az, self.ours))
        return [f"`{row.text}`: {told}" for told in cases.judged(row, theirs, ours)]

    def tells_the_time(self) -> None:
        for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
            for program in (self.az, self.ours):
                told = program("account get-access-token", TZ=zone).json()
                local = datetime.fromtimestamp(told["expires_on"], ZoneInfo(zone))
                check_equal(f"expiresOn in {zone}", told["expiresOn"], f"{local:%Y-%m-%d %H:%M:%S}.000000")


class Program:
    def __call__(self, line: str, **variables: str) -> Done:
        raise NotImplementedError

    def works(self, line: str) -> Done:
        done = self(line)
        if done.status:
            raise Failure(f"`{line}` ended with {done.status}:\n{done.stdout}{done.stderr}")
        return done


class Az(Program):
    """The real one, in processes that are forked when its imports are done (forks.py)."""

    def __init__(self, bed, name: str) -> None:
        place = bed.installs["azure-cli"]
        quiet = {
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "0",
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
        }
        self.bed = bed
        self.program = place / "bin/az"
        self.environment = bed.environment(AZURE_CONFIG_DIR=bed.home / f".azure-{name}", **quiet)
        # As its own script has it.
        script = {"AZ_INSTALLER": "PIP", "PYTHONPATH": str(place / "bin/src")}
        self._server = subprocess.Popen(
            [place / "bin/python", FORKS],
            env={**self.environment, **script},
            cwd=bed.home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.imports("account get-access-token")

    def __call__(self, line: str, **variables: str) -> Done:
        return self._asked(line, "run", variables)

    def imports(self, line: str) -> None:
        """Has all imported that this command imports."""
        self._asked(line, "import", {})

    def by_itself(self, line: str) -> Done:
        """In a process that nobody forked."""
        argv = [self.program, *shlex.split(line)]
        done = subprocess.run(
            argv, env=self.environment, cwd=self.bed.home, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def _asked(self, line: str, what: str, variables: dict[str, str]) -> Done:
        job = {"do": what, "argv": shlex.split(line), "env": variables, "cwd": str(self.bed.home)}
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        if not answer:
            raise Failure(f"`az {line}` ended its server")
        self.bed.log(f"$ az {line}\n{answer}")
        return Done(**json.loads(answer))


class Ours(Program):
    """Ours, by a link on a search path on which no other az stands."""

    def __init__(self, bed, name: str) -> None:
        self.bed = bed
        self._link = bed.home / "bin/az"
        if not self._link.exists():
            self._link.parent.mkdir()
            self._link.symlink_to(bed.entra_token)
        home = bed.home / f".entra-token-{name}"
        home.mkdir(mode=0o700)
        authority = bed.sandbox.authority
        manager = f'[[host]]\nname = "{authority}"\nresource = "https://management.core.windows.net/"\n'
        (home / "config.toml").write_text(f'{manager}authority = "{authority}"\n')
        (home / "config.toml").chmod(0o600)
        own = {"ENTRA_TOKEN_HOME": home}
        if name != "nobody":
            own["ENTRA_TOKEN_AUTHORITY_HOST"] = authority
        self._environment = {**bed.environment(**own), "PATH": str(self._link.parent)}

    def __call__(self, line: str, **variables: str) -> Done:
        env = {**self._environment, **variables}
        argv = [str(self._link), *shlex.split(line)]
        done = subprocess.run(
            argv, env=env, cwd=self.bed.home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        self.bed.log(f"$ ours {line}\n{done}")
        return Done(done.returncode, done.stdout, done.stderr)
