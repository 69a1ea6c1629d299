"""kubectl with one cluster, whose user is whom a plugin says."""

import json

from .bed import Bed
from .elsewhere import Elsewhere
from .guarded import Guarded
from .programs import Ran


class Kubectl:
    """`server` is the cluster; it is the computer's own kubectl, or one from elsewhere."""

    def __init__(self, bed: Bed, server: Guarded, elsewhere: Elsewhere | None = None) -> None:
        self.bed, self.server, self.elsewhere = bed, server, elsewhere
        self.config = bed.home / "kubeconfig"

    def __call__(self, *arguments, env: dict | None = None, **options) -> Ran:
        environment = {**(env or self.server.environment()), "KUBECONFIG": str(self.config)}
        argv = ["kubectl", *arguments]
        if self.elsewhere:
            argv = self.elsewhere.command(self.bed.home, *argv)
        return self.bed.run(argv, env=environment, **options)

    def version(self) -> str:
        return self("version", "--client", "--output", "json").json()["clientVersion"]["gitVersion"]

    def knows(self, command: list, version: str) -> None:
        """Writes its configuration: `command` is the plugin."""
        program, *arguments = [str(word) for word in command]
        plugin = {
            "apiVersion": f"client.authentication.k8s.io/{version}",
            "command": program,
            "args": arguments,
            "interactiveMode": "Never",
        }
        cluster = {"server": self.server.url, "certificate-authority": str(self.server.ca)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "aks", "cluster": cluster}],
            "users": [{"name": "ana", "user": {"exec": plugin}}],
            "contexts": [{"name": "aks", "context": {"cluster": "aks", "user": "ana"}}],
            "current-context": "aks",
        }
        self.config.write_text(json.dumps(config))
