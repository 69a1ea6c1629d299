"""azure-identity for Python: AzureDeveloperCliCredential gets its token by a link named azd."""

from harness.errors import check, check_equal

INSTALLS = ["azure-identity"]

PROGRAM = """
import json, sys
from azure.identity import AzureDeveloperCliCredential, ChainedTokenCredential, CredentialUnavailableError
credential = AzureDeveloperCliCredential()
try:
    token = credential.get_token(*sys.argv[1:])
    print(json.dumps({"token": token.token, "expires_on": token.expires_on}))
except CredentialUnavailableError as why:
    print(json.dumps({"unavailable": str(why)}))
"""


def run(bed):
    python = bed.installs["azure-identity"] / "bin/python"
    links = bed.home / "bin"
    links.mkdir()
    bed.entra("link", links, "azd")
    environment = bed.environment()
    environment["PATH"] = f"{links}:{environment['PATH']}"
    scope = f"{bed.sandbox.databricks}/.default"

    def asks():
        return bed.run([python, "-c", PROGRAM, scope], env=environment).json()

    with bed.case("nobody signed in: the credential is unavailable, so that a chain goes on"):
        check("unavailable" in asks(), "it is not")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    with bed.case("a token, with its true expiry where the zone is UTC"):
        held = bed.entra("get").json()
        check_equal("the token", asks(), {"token": held["access_token"], "expires_on": held["expires_on"]})
        bed.sandbox.takes(held["access_token"])
    with bed.case("a sign-in that is needed again is an error, which ends a chain"):
        bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
        scope = "https://graph.microsoft.com/.default"
        refused = bed.run([python, "-c", PROGRAM, scope], env=environment, status=1)
        check("ClientAuthenticationError" in refused.stderr and "AADSTS50173" in refused.stderr, refused.stderr)
