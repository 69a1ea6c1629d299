"""az, the real one: signs in to the sandbox by browser, device code and password, and gets tokens."""

from harness import installs
from harness.errors import check, check_equal

INSTALLS = ["azure-cli"]
SECONDS = 600
MEMBERS = "accessToken expiresOn expires_on subscription tenant tokenType"


def run(bed):
    az = Az(bed)
    with bed.case("it runs, and learns the sandbox as a cloud from Resource Manager's metadata"):
        version = f"azure-cli {az('version').json()['azure-cli']}"
        check_equal("the version", version, installs.version("azure-cli", "azure-cli"))
        az.knows_the_sandbox()
    with bed.case("az login, by browser"):
        az("login", BROWSER=bed.browser())
        az.gets_tokens()
    with bed.case("az login --use-device-code"):
        az("account", "clear")
        bed.sandbox.behaves(device_interval=1)
        waiting = bed.start(az.command("login", "--use-device-code"), env=az.environment())
        page, code = waiting.says(r"(?s)open the page\s+(\S+) and enter\s+the code (\S+)").groups()
        bed.person().visits(page, code)
        waiting.finish()
        az.gets_tokens()
    with bed.case("az login --username --password"):
        az("account", "clear")
        user = bed.sandbox.user
        az("login", "--username", user, "--password", bed.sandbox.password(user))
        az.gets_tokens()
    with bed.case("a revoked sign-in is reported as az reports Entra's: exit 1, AADSTS50173, az login"):
        bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
        devops = "499b84ac-1321-427f-aa17-267ca6975798"
        refused = az("account", "get-access-token", "--resource", devops, status=1)
        for word in ("AADSTS50173", "az login"):
            check(word in refused.stderr, f"`{word}` is not in:\n{refused.stderr}")


class Az:
    """az with a folder of its own, and the sandbox as its cloud."""

    def __init__(self, bed):
        self.bed = bed
        self.program = bed.installs["azure-cli"] / "bin/az"

    def __call__(self, *arguments, status=0, **variables):
        return self.bed.run(self.command(*arguments), env=self.environment(**variables), status=status)

    def command(self, *arguments):
        return [self.program, *arguments, "--output", "json"]

    def environment(self, **variables):
        quiet = {
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "0",
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
        }
        return self.bed.environment(AZURE_CONFIG_DIR=self.bed.home / ".azure", **quiet, **variables)

    def knows_the_sandbox(self):
        """All but Resource Manager's address comes from its metadata."""
        self("cloud", "register", "--name", "Sandbox", "--endpoint-resource-manager", self.bed.sandbox.authority)
        self("cloud", "set", "--name", "Sandbox")
        endpoints = self("cloud", "show").json()["endpoints"]
        check_equal("the authority", endpoints["activeDirectory"].rstrip("/"), self.bed.sandbox.authority)

    def gets_tokens(self):
        """For Azure Databricks, and for a second resource with the same refresh token."""
        sandbox = self.bed.sandbox
        token = self("account", "get-access-token", "--resource", sandbox.databricks).json()
        check_equal("the members", " ".join(sorted(token)), MEMBERS)
        check_equal("the tenant", token["tenant"], sandbox.tenant)
        sandbox.takes(token["accessToken"])
        self("account", "get-access-token", "--resource", "https://graph.microsoft.com")
