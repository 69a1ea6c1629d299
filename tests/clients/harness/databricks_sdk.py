"""The Databricks SDK of a language: a program that lists clusters, and our links for it."""

from .bed import Bed
from .errors import check, check_equal

ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
# Asked for as well by azure-cli; the workspace is told of it in a header.
MANAGEMENT = "https://management.core.windows.net//.default"


class Caller:
    """`command` is the program, which tells `{clusters, expires_on}` or `{error, message}`, and its version."""

    def __init__(self, bed: Bed, command: list) -> None:
        self.bed = bed
        self._command = command
        self.host = bed.sandbox.workspace
        self.links = bed.home / "bin"
        self.links.mkdir()
        bed.entra("link", self.links, "az", "databricks")

    def signs_in(self) -> None:
        self.bed.entra("login", "--refresh-token-stdin", "--host", self.host, stdin=self.bed.sandbox.refresh_token())

    def on_path(self, **more) -> dict[str, str]:
        """An environment with our links on PATH. By its resource id the workspace is known to be one of Azure's."""
        environment = self.named(DATABRICKS_AZURE_RESOURCE_ID=self.bed.sandbox.described["workspace_resource_id"], **more)
        environment["PATH"] = f"{self.links}:{environment['PATH']}"
        return environment

    def named(self, **more) -> dict[str, str]:
        """An environment in which a variable has to say where we are."""
        return self.bed.environment(DATABRICKS_HOST=self.host, **more)

    def command(self, way: str, *words: object) -> list:
        return [*self._command, way, *words]

    def lists(self, way: str, environment: dict) -> None:
        """It lists the clusters, and knows when its token ends."""
        self.listed(self.bed.run(self.command(way), env=environment).json())

    def listed(self, told: dict) -> None:
        check(len(told.get("clusters", [])) > 1, f"no clusters: {told}")
        held = self.bed.entra("get", "--scope", DATABRICKS).json()
        check_equal("the token's end", told["expires_on"], held["expires_on"])

    def fails(self, way: str, environment: dict, *words: str) -> None:
        """It lists nothing, and tells why in these words."""
        told = self.bed.run(self.command(way), env=environment).json()
        check("error" in told, f"it told {told}")
        for word in words:
            check(word in told["message"], f"`{word}` is not in:\n{told['message']}")

    def posts(self) -> list[str]:
        """What Entra ID was asked tokens for, in order."""
        forms = [dict(request["form"]) for request in self.bed.sandbox.requests("token")]
        return sorted(form["scope"].split()[0] for form in forms)
