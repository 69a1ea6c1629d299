"""kubectl, the computer's and that of a newer Debian: gets its token from us, in both versions of its plugin protocol."""

import json

from harness.elsewhere import Elsewhere
from harness.errors import check, check_equal
from harness.guarded import RESOURCE, Answer, Guarded

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
            kubectl.knows(version, "--server-id", RESOURCE)
            server.schemes.clear()
            check_equal("the answer", kubectl("get", "--raw", "/version").json(), {"asked": "/version"})
            check_equal("the schemes", set(server.schemes), {"Bearer"})


class Kubectl:
    """kubectl with one cluster; the computer's own, or one from elsewhere."""

    def __init__(self, bed, server: Guarded, elsewhere: Elsewhere | None = None) -> None:
        self.bed, self.server, self.elsewhere = bed, server, elsewhere
        self.config = bed.home / "kubeconfig"

    def __call__(self, *arguments, **options):
        environment = self.server.environment(KUBECONFIG=self.config)
        argv = ["kubectl", *arguments]
        if self.elsewhere:
            argv = self.elsewhere.command(self.bed.home, *argv)
        return self.bed.run(argv, env=environment, **options)

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
