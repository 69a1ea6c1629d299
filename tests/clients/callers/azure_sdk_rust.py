"""Rust: azure_identity's credentials get our tokens, and object_store reads from Azure Blob Storage with one."""

from pathlib import Path

from harness import installs
from harness.errors import check, check_equal
from harness.guarded import Answer, Guarded

INSTALLS = ["azure-sdk-rust", "openssl"]
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
STORAGE = "https://storage.azure.com/.default"
GRAPH = "https://graph.microsoft.com/.default"
# The credentials, and the link that each looks for.
CREDENTIALS = {"AzureCliCredential": "az", "AzureDeveloperCliCredential": "azd"}
# What it runs to read blobs.
BLOB_COMMAND = f"account get-access-token --output json --scope {STORAGE}"


def run(bed):
    caller = Caller(bed)
    named = {crate: installs.version("azure-sdk-rust", crate) for crate in ("azure_identity", "object_store")}
    host = bed.sandbox.workspace
    for name, advice in (("AzureCliCredential", "az login"), ("AzureDeveloperCliCredential", "azd auth login")):
        with bed.case(f"{named['azure_identity']}, {name}: nobody signed in: it says how to sign in"):
            told = caller.asks("token", name, caller.scope)
            check(advice in told.get("error", ""), told)
    bed.entra("login", "--refresh-token-stdin", "--host", host, stdin=bed.sandbox.refresh_token())
    identity(bed, caller)
    server = Guarded(bed, blobs)
    for zone in ZONES:
        with bed.case(f"{named['object_store']}: reads a blob with our token, which it asks for once, in {zone}"):
            caller.reads_a_blob(server, zone)
    refusals(bed, caller, server)
    server.close()


def identity(bed, caller):
    with bed.case("AzureCliCredential: a token that the workspace takes"):
        bed.sandbox.takes(caller.asks("token", "AzureCliCredential", caller.scope)["token"])
    for name in CREDENTIALS:
        for zone in ZONES:
            with bed.case(f"{name}: the token and its true expiry in {zone}"):
                check_equal("the token", caller.asks("token", name, caller.scope, TZ=zone), caller.held(caller.scope))
    for links in (("az", "azd"), ("az",), ("azd",)):
        with bed.case(f"DeveloperToolsCredential: the token, by {' and '.join(links)}"):
            told = caller.asks("token", "DeveloperToolsCredential", caller.scope, links=links)
            check_equal("the token", told, caller.held(caller.scope))
    fabrikam = next(tenant for tenant in bed.sandbox.described["tenants"] if tenant != bed.sandbox.tenant)
    for name in CREDENTIALS:
        with bed.case(f"{name}: with the tenant of its options"):
            told = caller.asks("token", name, caller.scope, fabrikam)
            check_equal("the token", told, caller.held(caller.scope, "--tenant", fabrikam))


def blobs(asked) -> Answer:
    """The Blob service, as far as it is asked for one blob."""
    if asked.method != "GET" or asked.path != "/data/a/b.txt" or "x-ms-version" not in asked.headers:
        return Answer(b"no such request", 400)
    headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT", "x-ms-version": asked.headers["x-ms-version"]}
    return Answer(b"what the blob holds", headers=headers)


def refusals(bed, caller, server):
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for name in CREDENTIALS:
        with bed.case(f"{name}: a sign-in that is needed again: it shows what Entra ID said"):
            told = caller.asks("token", name, GRAPH)
            check("AADSTS50173" in told.get("error", ""), told)
    with bed.case("AzureCliCredential and DeveloperToolsCredential show the command that signs in again"):
        for name in ("AzureCliCredential", "DeveloperToolsCredential"):
            check("entra-token login " in caller.asks("token", name, GRAPH).get("error", ""), name)
    with bed.case("object_store: nobody signed in: it fails, and shows how to sign in"):
        bed.entra("logout", "--all")
        told = caller.asks("object", server.url, "a/b.txt", "1", env=server.environment())
        check("az login" in told.get("error", ""), told)


class Caller:
    """The program that uses the crates, with our links on its PATH."""

    def __init__(self, bed) -> None:
        self.bed = bed
        self.scope = f"{bed.sandbox.databricks}/.default"
        self.program = bed.installs["azure-sdk-rust"] / "bin/azure_tokens"

    def asks(self, *words: str, links: tuple = ("az", "azd"), env: dict | None = None, **variables) -> dict:
        environment = env or self.bed.environment(**variables)
        environment["PATH"] = f"{self.linked(*links)}:{environment['PATH']}"
        return self.bed.run([self.program, *words], env=environment).json()

    def reads_a_blob(self, server: Guarded, zone: str) -> None:
        """It does so twice, with one run of az."""
        server.token = self.held(STORAGE)["token"]
        noted = self.bed.folder / f"az-{zone.replace('/', '-')}.txt"
        environment = server.environment(TZ=zone)
        environment["PATH"] = f"{self.noting(noted)}:{environment['PATH']}"
        told = self.bed.run([self.program, "object", server.url, "a/b.txt", "2"], env=environment).json()
        check_equal("the contents", told, {"contents": ["what the blob holds"] * 2})
        check_equal("the scheme", server.schemes[-1], "Bearer")
        check_equal("what it ran", noted.read_text(), BLOB_COMMAND + "\n")

    def held(self, scope: str, *more: str) -> dict:
        held = self.bed.entra("get", "--scope", scope, *more).json()
        return {"token": held["access_token"], "expires_on": held["expires_on"]}

    def linked(self, *names: str) -> Path:
        """A folder with these links."""
        folder = self.bed.home / f"links-{'-'.join(names)}"
        if not folder.exists():
            folder.mkdir()
            self.bed.entra("link", folder, *names)
        return folder

    def noting(self, file: Path) -> Path:
        """A folder with an `az` that notes what it is called with, and is our link otherwise."""
        folder = self.bed.folder / f"noting-{file.stem}"
        folder.mkdir()
        script = folder / "az"
        script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{file}\nexec {self.linked("az")}/az "$@"\n')
        script.chmod(0o755)
        return folder
