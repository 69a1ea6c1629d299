"""az, the real one, behind our link: its users lose nothing, and what the link changes is changed in both."""

import os
import pty
import re
import select
import subprocess
import termios
import time

from harness.errors import Failure, check, check_equal

INSTALLS = ["azure-cli"]
SECONDS = 300

# Commands that are not ours, and calls of ours that only the real one understands.
ITS_OWN = [
    "extension list",
    "config get -o table",
    "account lock --help",
    "account get-access-token --help",
    "vm list --bogus",
    "vmm",
    "cloud list-profiles -o tsv",
]

# What is ours as long as somebody is signed in here.
ITS_ANSWERS = ["account show", "account list -o table", "account show -s Fabrikam", "cloud show -o tsv"]


def run(bed):
    az = Both(bed)
    with bed.case(f"{len(ITS_OWN)} commands that are its own: its bytes, its streams, its status"):
        for line in ITS_OWN:
            check_equal(line, az.by_link(line), az.by_itself(line))
    with bed.case("at a terminal it sees one: its colours, its size"):
        seen = az.at_terminal(az.link, "cloud list-profiles -o jsonc")
        check(b"\x1b[" in seen[1], f"no colour in {seen[1]!r}")
        check_equal("what is seen", seen, az.at_terminal(az.real, "cloud list-profiles -o jsonc"))
    with bed.case("at its prompt Ctrl-C ends it as without us"):
        line = "login --service-principal --username a --tenant b"
        ended = az.at_terminal(az.link, line, "assword", b"\x03")
        check_equal("the end", ended, az.at_terminal(az.real, line, "assword", b"\x03"))
    user = bed.sandbox.user
    az.knows_the_sandbox()
    with bed.case("az login signs in to both, and the real one answers"):
        login = f"login --username {user} --password {bed.sandbox.password(user)}"
        told = az.ok(az.by_link(login))
        check(f"Signed in to entra-token as {user}." in told[2], told[2])
        check('"Contoso analytics"' in told[1], told[1])
        az.is_signed_in()
    with bed.case("az account set chooses the subscription in both"):
        az.ok(az.by_link("account set --subscription Fabrikam"))
        for by in (az.by_link, az.by_itself):
            check_equal("the name", az.ok(by("account show --query name -o tsv"))[1], "Fabrikam\n")
    with bed.case("tokens are ours: the real one is not run"):
        bed.sandbox.forget()
        token = "account get-access-token --query accessToken -o tsv --resource"
        bed.sandbox.takes(az.ok(az.by_link(f"{token} {bed.sandbox.databricks} -t {bed.sandbox.tenant}"))[1].strip())
        agents = {dict(asked["headers"])["user-agent"] for asked in bed.sandbox.requests()}
        check(all(agent.startswith("entra-token/") for agent in agents), f"somebody else asked: {agents}")
    devops = "499b84ac-1321-427f-aa17-267ca6975798"
    with bed.case("what Entra ID says of our login is the answer, though the real one has a token"):
        az.ok(az.by_itself(f"{token} {devops}"))
        bed.sandbox.control("POST", "revoke", {"user": user})
        status, out, err = az.by_link(f"{token} {devops}")
        check_equal("status and output", (status, out), (1, ""))
        for words in ("AADSTS50173", "run: entra-token login"):
            check(words in err, f"`{words}` is not in:\n{err}")
    with bed.case("az logout signs out of both"):
        az.ok(az.by_link("logout"))
        az.is_signed_out()
        check_equal("the second", az.by_link("logout"), az.by_itself("logout"))
    with bed.case("with the real one signed in alone, every answer is the real one's"):
        az.ok(az.by_itself(login))
        for line in (*ITS_ANSWERS, f"{token} {devops}"):
            check_equal(line, az.ok(az.by_link(line)), az.ok(az.by_itself(line)))
    with bed.case("az account clear signs out of both"):
        az.ok(az.by_link(login))
        az.is_signed_in()
        az.ok(az.by_link("account clear"))
        az.is_signed_out()
    with bed.case("az cloud set chooses the cloud in both"):
        az.ok(az.by_link("cloud set --name AzureUSGovernment"))
        for by in (az.by_link, az.by_itself, az.by_us):
            check_equal("the cloud", az.ok(by("cloud show --query name -o tsv"))[1], "AzureUSGovernment\n")


class Both:
    """Our link first on the search path, and the real one after it."""

    def __init__(self, bed):
        self.bed = bed
        self.link = bed.home / "bin/az"
        self.link.parent.mkdir()
        self.real = bed.installs["azure-cli"] / "bin/az"
        bed.entra("link", str(self.link.parent), "az", env=self._environment(self.link.parent))
        authority = bed.sandbox.authority
        with (bed.home / ".entra-token/config.toml").open("a") as config:
            manager = f'\n[[host]]\nname = "{authority}"\nresource = "https://management.core.windows.net/"\n'
            config.write(f'{manager}authority = "{authority}"\n')

    def _environment(self, *folders):
        plain = self.bed.environment(
            AZURE_CONFIG_DIR=self.bed.home / ".azure",
            AZURE_CORE_INSTANCE_DISCOVERY="false",
            AZURE_CORE_COLLECT_TELEMETRY="0",
            AZURE_CORE_LOGIN_EXPERIENCE_V2="off",
            ENTRA_TOKEN_AUTHORITY_HOST=self.bed.sandbox.authority,
        )
        return {**plain, "PATH": os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])}

    def by_link(self, line):
        return self._run(self.link, line, self.link.parent, self.real.parent)

    def by_us(self, line):
        """With no other az to be found."""
        return self._run(self.link, line, self.link.parent)

    def by_itself(self, line):
        return self._run(self.real, line, self.real.parent)

    def _run(self, program, line, *folders):
        ran = self.bed.run([program, *line.split()], env=self._environment(*folders), status=None)
        return ran.status, ran.stdout, ran.stderr

    def ok(self, told):
        check(told[0] == 0, f"it ended with {told[0]}:\n{told[1]}{told[2]}")
        return told

    def knows_the_sandbox(self):
        manager = self.bed.sandbox.authority
        self.ok(self.by_itself(f"cloud register --name localhost --endpoint-resource-manager {manager}"))
        self.ok(self.by_itself("cloud set --name localhost"))

    def is_signed_in(self):
        for by in (self.by_us, self.by_itself):
            who = self.ok(by("account show --query user.name -o tsv"))[1].strip()
            check_equal("who is signed in", who, self.bed.sandbox.user)

    def is_signed_out(self):
        for by in (self.by_us, self.by_itself):
            check_equal("who is signed in", self.ok(by("account list"))[1].strip(), "[]")

    def at_terminal(self, program, line, prompt="", keys=b""):
        """Its status, and all that it shows, without the seconds."""
        env = self._environment(self.link.parent, self.real.parent)
        master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, 80))
        argv = ["setsid", "--ctty", "--wait", str(program), *line.split()]
        child = subprocess.Popen(argv, env=env, cwd=self.bed.home, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        shown, until = b"", time.monotonic() + 60
        while time.monotonic() < until:
            ready, _, _ = select.select([master], [], [], 0.2)
            try:
                shown += os.read(master, 65536) if ready else b""
            except OSError:
                break
            if keys and prompt.encode() in shown:
                os.write(master, keys)
                keys = b""
        os.close(master)
        try:
            status = child.wait(10)
        except subprocess.TimeoutExpired as late:
            child.kill()
            raise Failure(f"`{line}` does not end; it showed {shown!r}") from late
        self.bed.log(f"$ {line}, at a terminal\n{shown!r} = {status}")
        return status, re.sub(rb"\d+\.\d+ seconds", b"N seconds", shown)
