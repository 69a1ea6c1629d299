"""azure-identity for Python: the credentials of az and azd, and DefaultAzureCredential, sync and async."""

import base64
import json
import shlex
from pathlib import Path

from harness import azure_identity, installs
from harness.azure_identity import ADVICE, LINKS, NEXT, ZONES
from harness.errors import check, check_equal
from harness.expired import expire

INSTALLS = ["azure-identity"]
PROGRAM = Path(__file__).parents[1] / "programs/azure_identity_gets_a_token.py"
GRAPH = "https://graph.microsoft.com/.default"
CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
AT_ONCE = 24
UNAVAILABLE = "CredentialUnavailableError"
# Values of AZURE_TOKEN_CREDENTIALS.
CHOICES = (*LINKS, "dev")
# What makes the program use azure.identity.aio.
WAYS = {"": (), ", aio": ("--aio",)}


def run(bed):
    python = bed.installs["azure-identity"] / "bin/python"
    version = installs.version("azure-identity", "azure-identity")
    caller = azure_identity.Caller(bed, [python, PROGRAM], version)
    nobody_is_signed_in(bed, caller)
    with bed.case("AzureCliCredential: the command that it shows then, `az login`, signs in by our link"):
        caller.signs_in("az", "login")
        caller.has("AzureCliCredential")
        bed.entra("logout", "--all")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    bed.sandbox.takes(caller.held()["access_token"])
    tokens_and_times(bed, caller)
    other_tenants(bed, caller)
    claims_challenges(bed, caller)
    with bed.case(f"AzureCliCredential: {AT_ONCE} programs that start at once with an expired token: one POST"):
        expire(bed, caller.scope)
        running = [bed.start(caller.command("AzureCliCredential"), env=caller.environment()) for _ in range(AT_ONCE)]
        told = {one.finish().json()["token"] for one in running}
        check_equal("the tokens", told, {caller.held()["access_token"]})
        check_equal("the POSTs", len(bed.sandbox.requests("token")), 1)
    refusals(bed, caller)


def nobody_is_signed_in(bed, caller):
    for name, advice in ADVICE.items():
        for way, words in WAYS.items():
            with bed.case(f"{name}{way}: nobody signed in: it is unavailable and says how to sign in; its chain goes on"):
                caller.fails(name, UNAVAILABLE, advice, said=words)
                check_equal("the token", caller.asks(f"Chain:{name}", *words).get("token"), NEXT)
    with bed.case("DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS=dev, nobody signed in: it tells of both"):
        refused = "ClientAuthenticationError"
        caller.fails("DefaultAzureCredential", refused, *ADVICE.values(), AZURE_TOKEN_CREDENTIALS="dev")


def tokens_and_times(bed, caller):
    for way, words in WAYS.items():
        for zone in ZONES:
            with bed.case(f"AzureCliCredential{way}: the token and its true expiry in {zone}"):
                caller.has("AzureCliCredential", *words, TZ=zone)
        with bed.case(f"AzureDeveloperCliCredential{way}: the token and its true expiry in UTC"):
            caller.has("AzureDeveloperCliCredential", *words)
        for choice in CHOICES:
            with bed.case(f"DefaultAzureCredential{way}, AZURE_TOKEN_CREDENTIALS={choice}: the token"):
                caller.has("DefaultAzureCredential", *words, AZURE_TOKEN_CREDENTIALS=choice)
    with bed.case("DefaultAzureCredential, AZURE_TOKEN_CREDENTIALS=dev, without an az: it goes on to azd"):
        caller.has("DefaultAzureCredential", env=caller.environment("azd", AZURE_TOKEN_CREDENTIALS="dev"))
    for zone, hours in (("Asia/Tokyo", -9), ("America/New_York", 5)):
        with bed.case(f"AzureDeveloperCliCredential: in {zone} it reads azd's UTC as local time, as README says"):
            told, held = caller.asks("AzureDeveloperCliCredential", TZ=zone), caller.held()
            check_equal("the token", told.get("token"), held["access_token"])
            # New York is an hour nearer in summer.
            off = (told["expires_on"] - held["expires_on"]) / 3600
            check(hours - 1 <= off <= hours, f"it is {off} hours off")


def other_tenants(bed, caller):
    fabrikam = next(tenant for tenant in bed.sandbox.described["tenants"] if tenant != bed.sandbox.tenant)
    for name in LINKS:
        for where, words in (("get_token", "--tenant-id"), ("the constructor", "--constructed-tenant")):
            with bed.case(f"{name}: the tenant given to {where} is the token's"):
                told = caller.asks(name, words, fabrikam)
                check_equal("the tenant", claims_of(told["token"])["tid"], fabrikam)


def claims_challenges(bed, caller):
    with bed.case("AzureDeveloperCliCredential: a claims challenge is sent to Entra ID, and the token is a new one"):
        before = caller.held()["access_token"]
        bed.sandbox.forget()
        told = caller.asks("AzureDeveloperCliCredential", "--claims", CLAIMS)
        check(told["token"] != before, "it is the old token")
        asked = [dict(request["form"]) for request in bed.sandbox.requests("token")]
        check_equal("the requests", len(asked), 1)
        check_equal("the claims", json.loads(asked[0]["claims"])["access_token"], json.loads(CLAIMS)["access_token"])
    with bed.case("AzureCliCredential: it takes no claims challenge; the `az login` that it shows is ours"):
        message = caller.fails("AzureCliCredential", UNAVAILABLE, said=("--claims", CLAIMS))
        bed.sandbox.forget()
        caller.signs_in(*shlex.split(message[message.index("az login --claims-challenge") :]))
        asked = [dict(request["query"]) for request in bed.sandbox.requests("authorize")]
        check("c1" in asked[0].get("claims", ""), f"it asked {asked}")
        caller.has("AzureCliCredential")


def refusals(bed, caller):
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for name in LINKS:
        for way, words in WAYS.items():
            with bed.case(f"{name}{way}: a sign-in that is needed again is an error with its cause, which ends a chain"):
                caller.fails(f"Chain:{name}", "ClientAuthenticationError", "AADSTS50173", said=words, scope=GRAPH)
    with bed.case("both errors show the command that signs in again"):
        refused = "ClientAuthenticationError"
        caller.fails("AzureCliCredential", refused, f"az login --scope {GRAPH}", "entra-token login ", scope=GRAPH)
        caller.fails("AzureDeveloperCliCredential", refused, "entra-token login ", scope=GRAPH)


def claims_of(token: str) -> dict:
    """What an access token says."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
