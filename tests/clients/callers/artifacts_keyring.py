"""artifacts-keyring: Python's keyring, as twine and Poetry load it, gets its password from us."""

import json

from harness.errors import check_equal
from harness.guarded import Answer, Guarded

INSTALLS = ["openssl", "artifacts-keyring"]

# It asks for Azure's hosts only; here is one more.
PROGRAM = """
import json, sys
import artifacts_keyring, keyring
artifacts_keyring.ArtifactsKeyringBackend.SUPPORTED_NETLOC += (sys.argv[1].split("/")[2],)
print(json.dumps(keyring.get_password(sys.argv[1], "VssSessionToken")))
"""


def run(bed):
    python = bed.installs["artifacts-keyring"] / "bin/python"
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, lambda _: Answer(b"a feed"))
    environment = server.environment(
        ARTIFACTS_KEYRING_CREDENTIALPROVIDER_PATH=bed.entra_token,
        PYTHON_KEYRING_BACKEND="artifacts_keyring.ArtifactsKeyringBackend",
    )
    provider = bed.run([bed.entra_token, "-Uri", f"{server.url}/simple/", "-OutputFormat", "Json"], env=environment)
    with bed.case("the credential provider's own answer"):
        token = server.takes_the_held_token()
        wanted = {"Username": "VssSessionToken", "Password": token}
        check_equal("the answer", json.loads(provider.stdout), wanted)
    with bed.case("a password for a feed"):
        # Feeds are known by their hosts alone.
        found = bed.run([python, "-c", PROGRAM, server.url], env=environment).json()
        check_equal("the password", found, token)
    server.close()

