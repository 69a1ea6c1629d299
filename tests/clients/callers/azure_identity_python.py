"""azure-identity for Python: AzureCliCredential, AzureDeveloperCliCredential and DefaultAzureCredential get our tokens."""

import base64
import json
import shlex
import time
from pathlib import Path

from harness import installs
from harness.errors import check, check_equal

INSTALLS = ["azure-identity"]
PROGRAM = Path(__file__).parents[1] / "programs/azure_identity_gets_a_token.py"
GRAPH = "https://graph.microsoft.com/.default"
CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
AT_ONCE = 24
# The credential, the link that it looks for, and what it says where nobody is signed in.
CREDENTIALS = (
    ("AzureCliCredential", "az", "Please run 'az login'"),
    ("AzureDeveloperCliCredential", "azd", "Please run 'azd auth login'"),
)
# Values of AZURE_TOKEN_CREDENTIALS.
CHOICES = ("AzureCliCredential", "AzureDeveloperCliCredential", "dev")


def run(bed):
    caller = Caller(bed)
    nobody_is_signed_in(bed, caller)
    with bed.case("AzureCliCredential: the command that it shows then, `az login`, signs in by our link"):
        caller.signs_in(["az", "login"])
        caller.has("AzureCliCredential")
        bed.entra("logout", "--all")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    bed.sandbox.takes(bed.entra("get", "-o", "token").stdout.strip())
    tokens_and_times(caller, bed)
    other_tenants(caller, bed)
    claims_challenges(caller, bed)
    with bed.case(f"AzureCliCredential: {AT_ONCE} programs that start at once with an expired token: one POST"):
        caller.expires()
        bed.sandbox.forget()
        running = [bed.start(caller.command("AzureCliCredential"), env=caller.environment()) for _ in range(AT_ONCE)]
        told = [one.finish().json() for one in running]
        check_equal("the POSTs", len(bed.sandbox.requests("token")), 1)
        check_equal("the tokens", {one.get("token") for one in told}, {caller.held()["access_token"]})
    refusals(caller, bed)


def nobody_is_signed_in(bed, caller):
    for name, _, remedy in CREDENTIALS:
        for aio in (False, True):
            way = f"{name}{', aio' * aio}"
            with bed.case(f"{way}: nobody signed in: it is unavailable, says how to sign in, and its chain goes on"):
                told = caller.asks(name, aio=aio)
                check_equal("the error", told.get("error"), "CredentialUnavailableError")
                check(remedy in told["message"], told["message"])
                told = caller.asks(f"Chain:{name}", aio=aio)
                check_equal("the token", told.get("token"), "from-the-next-credential")
    with bed.case("DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS=dev, nobody signed in: it tells of both"):
        told = caller.asks("DefaultAzureCredential", AZURE_TOKEN_CREDENTIALS="dev")
        for _, _, remedy in CREDENTIALS:
            check(remedy in told["message"], told["message"])


def tokens_and_times(caller, bed):
    for aio in (False, True):
        for zone in ZONES:
            with bed.case(f"AzureCliCredential{', aio' * aio}: the token and its true expiry in {zone}"):
                caller.has("AzureCliCredential", aio=aio, TZ=zone)
    for aio in (False, True):
        with bed.case(f"AzureDeveloperCliCredential{', aio' * aio}: the token and its true expiry in UTC"):
            caller.has("AzureDeveloperCliCredential", aio=aio)
    for zone, hours in (("Asia/Tokyo", -9), ("America/New_York", 5)):
        with bed.case(f"AzureDeveloperCliCredential: in {zone} it reads azd's UTC as local time, as README says"):
            told = caller.asks("AzureDeveloperCliCredential", TZ=zone)
            held = caller.held()
            check_equal("the token", told.get("token"), held["access_token"])
            # New York is an hour nearer in summer.
            off = (told["expires_on"] - held["expires_on"]) / 3600
            check(hours - 1 <= off <= hours, f"it is {off} hours off")
    for choice in CHOICES:
        for aio in (False, True):
            with bed.case(f"DefaultAzureCredential{', aio' * aio}, AZURE_TOKEN_CREDENTIALS={choice}: the token"):
                caller.has("DefaultAzureCredential", aio=aio, AZURE_TOKEN_CREDENTIALS=choice)


def other_tenants(caller, bed):
    fabrikam = next(tenant for tenant in bed.sandbox.described["tenants"] if tenant != bed.sandbox.tenant)
    for name, _, _ in CREDENTIALS:
        for where, words in (("get_token", "--tenant-id"), ("the constructor", "--constructed-tenant")):
            with bed.case(f"{name}: the tenant given to {where} is the token's"):
                told = caller.asks(name, words, fabrikam)
                check_equal("the tenant", claims_of(told["token"])["tid"], fabrikam)


def claims_challenges(caller, bed):
    with bed.case("AzureDeveloperCliCredential: a claims challenge is sent to Entra ID, and the token is a new one"):
        before = caller.held()["access_token"]
        bed.sandbox.forget()
        told = caller.asks("AzureDeveloperCliCredential", "--claims", CLAIMS)
        check(told["token"] != before, "it is the old token")
        asked = [dict(request["form"]) for request in bed.sandbox.requests("token")]
        check_equal("the requests", len(asked), 1)
        check_equal("the claims", json.loads(asked[0]["claims"])["access_token"], json.loads(CLAIMS)["access_token"])
    with bed.case("AzureCliCredential: it takes no claims challenge; the `az login` that it shows is answered by our link"):
        told = caller.asks("AzureCliCredential", "--claims", CLAIMS)
        check_equal("the error", told.get("error"), "CredentialUnavailableError")
        command = shlex.split(told["message"][told["message"].index("az login --claims-challenge") :])
        bed.sandbox.forget()
        caller.signs_in(command)
        asked = [dict(request["query"]) for request in bed.sandbox.requests("authorize")]
        check("c1" in asked[0].get("claims", ""), f"it asked {asked}")
        caller.has("AzureCliCredential")


def refusals(caller, bed):
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for name, _, _ in CREDENTIALS:
        for aio in (False, True):
            way = f"{name}{', aio' * aio}"
            with bed.case(f"{way}: a sign-in that is needed again is an error with its cause, which ends a chain"):
                told = caller.asks(f"Chain:{name}", aio=aio, scope=GRAPH)
                check_equal("the error", told.get("error"), "ClientAuthenticationError")
                check("AADSTS50173" in told["message"], told["message"])
    with bed.case("AzureCliCredential: the error shows the command that signs in again"):
        told = caller.asks("AzureCliCredential", scope=GRAPH)
        for words in (f"az login --scope {GRAPH}", "entra-token login "):
            check(words in told["message"], told["message"])


class Caller:
    """The program that uses azure-identity, with our links on its PATH."""

    def __init__(self, bed) -> None:
        self.bed = bed
        self.scope = f"{bed.sandbox.databricks}/.default"
        self.links = bed.home / "bin"
        self.links.mkdir()
        bed.entra("link", self.links, "az", "azd")

    def environment(self, **more) -> dict[str, str]:
        environment = self.bed.environment(**more)
        environment["PATH"] = f"{self.links}:{environment['PATH']}"
        return environment

    def command(self, credential: str, *words: str, aio: bool = False, scope: str | None = None) -> list:
        python = self.bed.installs["azure-identity"] / "bin/python"
        return [python, PROGRAM, credential, scope or self.scope, *["--aio"] * aio, *words]

    def asks(self, credential: str, *words: str, aio: bool = False, scope: str | None = None, **variables) -> dict:
        """What `credential` has to say."""
        command = self.command(credential, *words, aio=aio, scope=scope)
        told = self.bed.run(command, env=self.environment(**variables)).json()
        check_equal("the version", told["version"], installs.version("azure-identity", "azure-identity"))
        return told

    def signs_in(self, command: list) -> None:
        """Runs what an error showed, as a person at a browser."""
        there = {"ENTRA_TOKEN_AUTHORITY_HOST": self.bed.sandbox.authority, "BROWSER": self.bed.browser()}
        self.bed.run(command, env=self.environment(**there))

    def has(self, credential: str, **options) -> None:
        """It has the token that is held, and its true expiry."""
        told, held = self.asks(credential, **options), self.held()
        check_equal("the token", told.get("token"), held["access_token"])
        check_equal("its expiry", told["expires_on"], held["expires_on"])

    def held(self) -> dict:
        return self.bed.entra("get", "--scope", self.scope).json()

    def expires(self) -> None:
        """From now on the token that is held is one that is over."""
        for file in (self.bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
            file.unlink()
        self.bed.sandbox.behaves(lifetime=1)
        over = self.held()["expires_on"]
        self.bed.sandbox.behaves(lifetime="75m")
        while time.time() <= over:
            time.sleep(0.05)


def claims_of(token: str) -> dict:
    """What an access token says."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
