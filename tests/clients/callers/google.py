"""google-auth for Python: an executable-sourced credential reads our token, and our refusal."""

import json

from harness.errors import check, check_equal

INSTALLS = ["google-auth"]

PROGRAM = """
import json, sys
from google.auth import exceptions, pluggable
credentials = pluggable.Credentials.from_file(sys.argv[1])
try:
    print(json.dumps({"token": credentials.retrieve_subject_token(None)}))
except exceptions.RefreshError as why:
    print(json.dumps({"refused": str(why)}))
"""


def run(bed):
    python = bed.installs["google-auth"] / "bin/python"
    config = bed.home / "google.json"
    config.write_text(
        json.dumps(
            {
                "type": "external_account",
                "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/e",
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://sts.googleapis.com/v1/token",
                "credential_source": {
                    "executable": {
                        "command": f"{bed.entra_token} as google --resource {bed.sandbox.databricks}",
                        "timeout_millis": 10000,
                    }
                },
            }
        )
    )
    environment = bed.environment(GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES="1")

    def asks():
        return bed.run([python, "-c", PROGRAM, config], env=environment).json()

    with bed.case("nobody signed in: the sign-in command is shown"):
        check("entra-token login" in asks().get("refused", ""), "it is not")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    with bed.case("a token"):
        check_equal("the token", asks(), {"token": bed.entra("get", "-o", "token").stdout.strip()})
