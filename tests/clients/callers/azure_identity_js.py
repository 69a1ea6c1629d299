"""azure-identity for JavaScript: AzureCliCredential, AzureDeveloperCliCredential and DefaultAzureCredential get our tokens."""

import json
from pathlib import Path

from harness import azure_identity, installs
from harness.errors import check, check_equal
from harness.expired import expire

INSTALLS = ["azure-identity-js"]
PROGRAM = Path(__file__).parents[1] / "programs/azure_identity_gets_a_token.mjs"
UNAVAILABLE = "CredentialUnavailableError"
GRAPH = "https://graph.microsoft.com/.default"
CLAIMS = {"access_token": {"acrs": {"essential": True, "value": "c1"}}}
AT_ONCE = 24


def run(bed):
    command = ["node", PROGRAM, bed.installs["azure-identity-js"] / "node_modules"]
    caller = azure_identity.Caller(bed, command, installs.version("azure-identity-js", "@azure/identity"))
    azure_identity.nobody_is_signed_in(caller, UNAVAILABLE)
    azure_identity.tokens(caller)
    with bed.case("AzureDeveloperCliCredential: a claims challenge is answered with a token that honours it"):
        bed.sandbox.forget()
        check("token" in caller.asks("AzureDeveloperCliCredential", json.dumps(CLAIMS)), "it gives no token")
        (asked,) = bed.sandbox.requests("token")
        check_equal("the claims", json.loads(dict(asked["form"])["claims"])["access_token"], CLAIMS["access_token"])
    with bed.case(f"AzureCliCredential: {AT_ONCE} programs that start at once with an expired token: one POST"):
        expire(bed, caller.scope)
        running = [bed.start(caller.command("AzureCliCredential"), env=caller.environment()) for _ in range(AT_ONCE)]
        check_equal("the tokens", {one.finish().json()["token"] for one in running}, {caller.held()["access_token"]})
        check_equal("the POSTs", len(bed.sandbox.requests("token")), 1)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    with bed.case("AzureCliCredential, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("AzureCliCredential", UNAVAILABLE, "AADSTS50173", f"az login --scope {GRAPH}", "entra-token login", scope=GRAPH)
    with bed.case("AzureDeveloperCliCredential, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("AzureDeveloperCliCredential", UNAVAILABLE, "AADSTS50173", "entra-token login", scope=GRAPH)
