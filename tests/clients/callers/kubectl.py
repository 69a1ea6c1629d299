"""kubectl: gets its token from us, in both versions of its plugin protocol."""

import json

from harness.errors import check, check_equal
from harness.guarded import RESOURCE, Answer, Guarded

INSTALLS = ["openssl", "kubectl"]


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, lambda asked: Answer(b'{"asked": "' + asked.path.encode() + b'"}'))
    kubectl = Kubectl(bed, server)
    server.takes_the_held_token()
    for version in ("v1", "v1beta1"):
        with bed.case(f"kubectl {kubectl.version()}, {version}: a request with our token"):
            kubectl.knows(version, "--server-id", RESOURCE)
            check_equal("the answer", kubectl("get", "--raw", "/version").json(), {"asked": "/version"})
            check_equal("the scheme", server.schemes[-1], "Bearer")
    with bed.case("nobody signed in: kubectl fails, and shows the sign-in command"):
        bed.entra("logout", "--all")
        refused = kubectl("get", "--raw", "/version", status=1)
        check("entra-token login" in refused.stderr, refused.stderr)
    server.close()


class Kubectl:
    """kubectl with one cluster."""

    def __init__(self, bed, server: Guarded) -> None:
        self.bed, self.server = bed, server
        self.config = bed.home / "kubeconfig"

    def __call__(self, *arguments, **options):
        environment = self.server.environment(KUBECONFIG=self.config)
        return self.bed.run(["kubectl", *arguments], env=environment, **options)

    def version(self) -> str:
        return self("version", "--client", "--output", "json").json()["clientVersion"]["gitVersion"]

    def knows(self, version: str, *arguments: str) -> None:
        """Writes its configuration."""
        exec = {
            "apiVersion": f"client.authentication.k8s.io/{version}",
            "command": str(self.bed.entra_token),
            "args": ["as", "kubectl", *arguments],
            "interactiveMode": "Never",
        }
        cluster = {"server": self.server.url, "certificate-authority": str(self.server.ca)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "aks", "cluster": cluster}],
            "users": [{"name": "ana", "user": {"exec": exec}}],
            "contexts": [{"name": "aks", "context": {"cluster": "aks", "user": "ana"}}],
            "current-context": "aks",
        }
        self.config.write_text(json.dumps(config))
