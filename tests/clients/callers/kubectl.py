"""kubectl: gets its token from us, in both versions of its plugin protocol."""

from harness.errors import check, check_equal
from harness.guarded import RESOURCE, Answer, Guarded
from harness.kubeconfig import Kubectl

INSTALLS = ["openssl", "kubectl"]


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, lambda asked: Answer(b'{"asked": "' + asked.path.encode() + b'"}'))
    kubectl = Kubectl(bed, server)
    server.takes_the_held_token()
    for version in ("v1", "v1beta1"):
        with bed.case(f"kubectl {kubectl.version()}, {version}: a request with our token"):
            kubectl.knows([bed.entra_token, "as", "kubectl", "--server-id", RESOURCE], version)
            check_equal("the answer", kubectl("get", "--raw", "/version").json(), {"asked": "/version"})
            check_equal("the scheme", server.schemes[-1], "Bearer")
    with bed.case("nobody signed in: kubectl fails, and shows the sign-in command"):
        bed.entra("logout", "--all")
        refused = kubectl("get", "--raw", "/version", status=1)
        check("entra-token login" in refused.stderr, refused.stderr)
    server.close()
