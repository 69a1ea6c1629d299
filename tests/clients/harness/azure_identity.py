"""azure-identity in a language: a program that asks a credential for a token, and our links on its PATH."""

from .bed import Bed
from .errors import check, check_equal

ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
# The credentials that run a program, the link that each looks for, and what it says where nobody is signed in.
LINKS = {"AzureCliCredential": "az", "AzureDeveloperCliCredential": "azd"}
ADVICE = {"AzureCliCredential": "Please run 'az login'", "AzureDeveloperCliCredential": "Please run 'azd auth login'"}
NEXT = "from-the-next-credential"


class Caller:
    """`command` is the program, which tells `{version, token, expires_on}` or `{version, error, message}`."""

    def __init__(self, bed: Bed, command: list, version: str) -> None:
        self.bed = bed
        self._command = command
        self._version = version
        self.scope = f"{bed.sandbox.databricks}/.default"
        for names in (("az", "azd"), ("az",), ("azd",)):
            folder = bed.home / f"links-{'-'.join(names)}"
            folder.mkdir()
            bed.entra("link", folder, *names)

    def environment(self, *links: str, **more) -> dict[str, str]:
        """Its environment, with these links on PATH, or all."""
        environment = self.bed.environment(**more)
        folder = self.bed.home / f"links-{'-'.join(links or LINKS.values())}"
        environment["PATH"] = f"{folder}:{environment['PATH']}"
        return environment

    def command(self, credential: str, *words: str, scope: str | None = None) -> list:
        return [*self._command, credential, scope or self.scope, *words]

    def asks(self, credential: str, *words: str, scope: str | None = None, env: dict | None = None, **variables) -> dict:
        """What `credential` has to say."""
        env = env or self.environment(**variables)
        told = self.bed.run(self.command(credential, *words, scope=scope), env=env).json()
        check_equal("the version", told.pop("version"), self._version)
        return told

    def has(self, credential: str, *said: str, **options) -> None:
        """It gives the token that is held, and its true expiry; `said` are more words to the program."""
        held = self.held()
        wanted = {"token": held["access_token"], "expires_on": held["expires_on"]}
        check_equal("the token", self.asks(credential, *said, **options), wanted)

    def held(self) -> dict:
        return self.bed.entra("get", "--scope", self.scope).json()

    def fails(self, credential: str, error: str, *words: str, said: tuple = (), **options) -> str:
        """It gives no token, but an `error` that has these words; its message."""
        told = self.asks(credential, *said, **options)
        check_equal("the error", told.get("error"), error)
        for word in words:
            check(word in told["message"], f"`{word}` is not in:\n{told['message']}")
        return told["message"]

    def signs_in(self, *command: str) -> None:
        """Runs what a message showed, as a person at a browser."""
        there = {"ENTRA_TOKEN_AUTHORITY_HOST": self.bed.sandbox.authority, "BROWSER": self.bed.browser()}
        self.bed.run(command, env=self.environment(**there))


def nobody_is_signed_in(caller: Caller, unavailable: str) -> None:
    """Cases while nobody is; at their end somebody is."""
    bed = caller.bed
    for name, advice in ADVICE.items():
        with bed.case(f"{name}, nobody signed in: it is unavailable and says how to sign in, and its chain goes on"):
            caller.fails(name, unavailable, advice)
            check_equal("the token", caller.asks(f"Chain:{name}")["token"], NEXT)
    with bed.case("`az login`, which it shows then, signs in by our link"):
        caller.signs_in("az", "login")
        caller.has("AzureCliCredential")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())


def tokens(caller: Caller) -> None:
    """Cases with tokens."""
    bed = caller.bed
    with bed.case("AzureCliCredential: a token that the workspace takes"):
        bed.sandbox.takes(caller.asks("AzureCliCredential")["token"])
    for name in LINKS:
        for zone in ZONES:
            with bed.case(f"{name}: the token and its true expiry in {zone}"):
                caller.has(name, TZ=zone)
    for choice in (*LINKS, "dev"):
        with bed.case(f"DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS={choice}"):
            caller.has("DefaultAzureCredential", AZURE_TOKEN_CREDENTIALS=choice)
    with bed.case("DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS=dev, without an az: it goes on to azd"):
        caller.has("DefaultAzureCredential", env=caller.environment("azd", AZURE_TOKEN_CREDENTIALS="dev"))
