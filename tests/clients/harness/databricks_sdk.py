"""The Databricks SDK of a language that knows no proxy: a program that lists clusters, and our links for it."""

from . import public_cloud
from .bed import Bed
from .errors import check, check_equal
from .named import Named
from .sandbox import Sandbox

ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
AT_ONCE = 24
HOST = f"https://{public_cloud.WORKSPACE}"
DATABRICKS = f"{Sandbox.databricks}/.default"
# Asked for as well with azure-cli; the workspace is told of it in a header.
MANAGEMENT = f"{public_cloud.MANAGEMENT}/.default"
# What is said where a sign-in is needed again.
AGAIN = ("AADSTS50173", "entra-token login")


class Caller:
    """`command` is the program, which tells `{clusters, expires_on}` or `{error, message}`."""

    def __init__(self, bed: Bed, command: list, cloud: Named) -> None:
        self.bed = bed
        self.cloud = cloud
        self.resource_id: str = bed.sandbox.described["workspace_resource_id"]
        self._command = command
        self.links = bed.home / "bin"
        self.links.mkdir()
        bed.entra("link", self.links, "az", "databricks")

    def environment(self, **more) -> dict[str, str]:
        """One in which a variable says which workspace is meant, and nothing leads to us."""
        return self.cloud.environment(DATABRICKS_HOST=HOST, **more)

    def linked(self, **more) -> dict[str, str]:
        """The same, with our links on PATH."""
        environment = self.environment(**more)
        environment["PATH"] = f"{self.links}:{environment['PATH']}"
        return environment

    def command(self, way: str, *words: object) -> list:
        return [*self._command, way, *words]

    def asks(self, way: str, environment: dict) -> dict:
        return self.bed.run(self.command(way), env=environment).json()

    def lists(self, way: str, environment: dict) -> None:
        """It lists the clusters, and knows when its token ends."""
        self.listed(self.asks(way, environment))

    def lists_in_every_zone(self, door: str, environment: dict) -> None:
        """A case for each zone; `door` begins with the way."""
        for zone in ZONES:
            with self.bed.case(f"{door}: the clusters, and the token's true end in {zone}"):
                self.lists(door.partition(",")[0], {**environment, "TZ": zone})

    def listed(self, *told: dict) -> None:
        held = self.bed.entra("get", "--scope", DATABRICKS).json()
        for one in told:
            check_equal("the clusters", len(one.get("clusters", [])), 5)
            check_equal("the token's end", one["expires_on"], held["expires_on"])

    def fails(self, way: str, environment: dict, *words: str) -> None:
        """It lists nothing, and tells why in these words."""
        told = self.asks(way, environment)
        check("error" in told, f"it told {told}")
        for word in words:
            check(word in told["message"], f"`{word}` is not in:\n{told['message']}")

    def signs_in(self) -> None:
        public_cloud.sign_in(self.bed, self.cloud)

    def posts(self) -> list[str]:
        """What Entra ID was asked tokens for."""
        forms = [dict(request["form"]) for request in self.bed.sandbox.requests("token")]
        return sorted(form["scope"].split()[0] for form in forms)
