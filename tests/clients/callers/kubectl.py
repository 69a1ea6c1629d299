"""kubectl, the computer's and that of a newer Debian: gets its token from us, in both versions of its plugin protocol."""

from harness.elsewhere import Elsewhere
from harness.errors import check, check_equal
from harness.guarded import RESOURCE, Answer, Guarded
from harness.kubeconfig import Kubectl

INSTALLS = ["openssl", "kubectl", "newer-debian"]


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, lambda asked: Answer(b'{"asked": "' + asked.path.encode() + b'"}'))
    newer = Elsewhere(bed, bed.installs["newer-debian"])
    kubectls = [Kubectl(bed, server), Kubectl(bed, server, newer)]
    server.takes_the_held_token()
    for kubectl in kubectls:
        asks_us(bed, server, kubectl)
    bed.entra("logout", "--all")
    for kubectl in kubectls:
        with bed.case(f"kubectl {kubectl.version()}, nobody signed in: it fails, and shows the sign-in command"):
            refused = kubectl("get", "--raw", "/version", status=1)
            check("entra-token login" in refused.stderr, refused.stderr)
    server.close()


def asks_us(bed, server, kubectl):
    for version in ("v1", "v1beta1"):
        with bed.case(f"kubectl {kubectl.version()}, {version}: a request with our token"):
            kubectl.knows([bed.entra_token, "as", "kubectl", "--server-id", RESOURCE], version)
            server.schemes.clear()
            check_equal("the answer", kubectl("get", "--raw", "/version").json(), {"asked": "/version"})
            check_equal("the schemes", set(server.schemes), {"Bearer"})
