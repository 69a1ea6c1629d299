"""azidentity for Go: AzureCLICredential, AzureDeveloperCLICredential and DefaultAzureCredential get our tokens."""

import base64
import json

from harness import installs
from harness.errors import check, check_equal
from harness.expired import expire

MODULE = "github.com/Azure/azure-sdk-for-go/sdk/azidentity"
INSTALLS = ["azidentity"]
GRAPH = "https://graph.microsoft.com/.default"
CLAIMS = {"access_token": {"acrs": {"essential": True, "value": "c1"}}}
# The credential, the link that it looks for, and what it says where nobody is signed in.
CREDENTIALS = (
    ("AzureCLICredential", "az", "Please run 'az login' to setup account."),
    ("AzureDeveloperCLICredential", "azd", "azd auth login"),
)
FAILED = "AuthenticationFailedError"
AT_ONCE = 24


def run(bed):
    caller = Caller(bed)
    for name, _, remedy in CREDENTIALS:
        version = installs.version("azidentity", MODULE)
        with bed.case(f"{version}, {name}, nobody signed in: it shows how to sign in, and ends a chain, as this SDK has it"):
            caller.fails(f"Chain:{name}", FAILED, remedy)
    with bed.case("DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS=dev, nobody signed in: it goes on, and tells of all"):
        caller.fails("DefaultAzureCredential", "unavailable", *(remedy for _, _, remedy in CREDENTIALS), AZURE_TOKEN_CREDENTIALS="dev")
    for name, _, _ in CREDENTIALS:
        with bed.case(f"{name}, without our link: it is not there, and a chain goes on"):
            told = caller.asks(f"Chain:{name}", PATH=bed.environment()["PATH"])
            check_equal("the token", told.get("token"), "from-the-next-credential")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    bed.sandbox.takes(caller.held()["access_token"])
    for name, _, _ in CREDENTIALS:
        for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
            with bed.case(f"{name}: the token and its true expiry in {zone}"):
                caller.has(name, TZ=zone)
    for choice in (*(name for name, _, _ in CREDENTIALS), "dev"):
        with bed.case(f"DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS={choice}: the token"):
            caller.has("DefaultAzureCredential", AZURE_TOKEN_CREDENTIALS=choice)
    with bed.case("DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS=dev, without an az: it goes on to azd"):
        caller.has("DefaultAzureCredential", AZURE_TOKEN_CREDENTIALS="dev", PATH=caller.path("azd"))
    fabrikam = next(tenant for tenant in bed.sandbox.described["tenants"] if tenant != bed.sandbox.tenant)
    for name, _, _ in CREDENTIALS:
        with bed.case(f"{name}: the tenant that is asked for is the token's"):
            told = caller.asks(name, "-tenant", fabrikam)
            check_equal("the tenant", claims_of(told["token"])["tid"], fabrikam)
    with bed.case("AzureDeveloperCLICredential: a claims challenge is answered with a new token that honours it"):
        before = caller.held()["access_token"]
        bed.sandbox.forget()
        told = caller.asks("AzureDeveloperCLICredential", "-claims", json.dumps(CLAIMS))
        check(told.get("token", before) != before, f"it is the old token, or none: {told}")
        (asked,) = bed.sandbox.requests("token")
        check_equal("the claims", json.loads(dict(asked["form"])["claims"])["access_token"], CLAIMS["access_token"])
    for name, _, _ in CREDENTIALS:
        with bed.case(f"{name}: {AT_ONCE} programs at once with an expired token: one POST"):
            expire(bed, caller.scope)
            running = [bed.start(caller.command(name), env=caller.environment()) for _ in range(AT_ONCE)]
            check_equal("the tokens", {one.finish().json()["token"] for one in running}, {caller.held()["access_token"]})
            check_equal("the POSTs", len(bed.sandbox.requests("token")), 1)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for name, _, _ in CREDENTIALS:
        with bed.case(f"{name}, a sign-in that is needed again: what Entra ID says, and how to sign in; it ends a chain"):
            caller.fails(f"Chain:{name}", FAILED, "AADSTS50173", "entra-token login", scope=GRAPH)


class Caller:
    """The program, with our links on its PATH."""

    def __init__(self, bed) -> None:
        self.bed = bed
        self.scope = f"{bed.sandbox.databricks}/.default"
        for _, link, _ in CREDENTIALS:
            folder = bed.home / f"with-{link}"
            folder.mkdir()
            bed.entra("link", folder, link)

    def path(self, *links: str) -> str:
        return ":".join([*(str(self.bed.home / f"with-{link}") for link in links), self.bed.environment()["PATH"]])

    def environment(self, **more) -> dict[str, str]:
        return self.bed.environment(**{"PATH": self.path("az", "azd"), **more})

    def command(self, credential: str, *words: str, scope: str | None = None) -> list:
        return [self.bed.installs["azidentity"] / "bin/azidentity_gets_a_token", credential, scope or self.scope, *words]

    def asks(self, credential: str, *words: str, scope: str | None = None, **variables) -> dict:
        """What `credential` has to say."""
        told = self.bed.run(self.command(credential, *words, scope=scope), env=self.environment(**variables)).json()
        check_equal("the version", told.pop("version"), installs.version("azidentity", MODULE))
        return told

    def has(self, credential: str, **options) -> None:
        """It gives the token that is held, and its true expiry."""
        held = self.held()
        wanted = {"token": held["access_token"], "expires_on": held["expires_on"]}
        check_equal("the token", self.asks(credential, **options), wanted)

    def fails(self, credential: str, error: str, *words: str, **options) -> None:
        """It gives no token, but an `error` that has these words."""
        told = self.asks(credential, **options)
        check_equal("the error", told.get("error"), error)
        for word in words:
            check(word in told["message"], f"`{word}` is not in:\n{told['message']}")

    def held(self) -> dict:
        return self.bed.entra("get", "--scope", self.scope).json()


def claims_of(token: str) -> dict:
    """What an access token says."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
