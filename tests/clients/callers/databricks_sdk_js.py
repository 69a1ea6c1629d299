"""The Databricks SDK for JavaScript: lists clusters with our token, from us as az, as the Databricks CLI and as a metadata service."""

from pathlib import Path

from harness import installs
from harness.databricks_sdk import DATABRICKS, MANAGEMENT, ZONES, Caller
from harness.errors import check_equal
from harness.expired import expire

INSTALLS = ["databricks-sdk-js"]
PROGRAM = Path(__file__).parents[1] / "programs/databricks_lists_clusters.mjs"
SDK = "@databricks/sdk-experimental"
AT_ONCE = 24


def run(bed):
    node = ["node", PROGRAM, bed.installs["databricks-sdk-js"] / "node_modules"]
    caller = Caller(bed, node)
    cli = caller.named(DATABRICKS_CLI_PATH=caller.links / "databricks")
    with bed.case(f"it is {installs.version('databricks-sdk-js', SDK)}"):
        told = bed.run(caller.command("databricks-cli"), env=caller.named()).json()
        check_equal("the version", told["version"], installs.version("databricks-sdk-js", SDK))
    with bed.case("azure-cli, nobody signed in: it shows what we say"):
        caller.fails("azure-cli", caller.on_path(), "cannot get access token: ERROR: Please run 'az login'")
    with bed.case("databricks-cli, nobody signed in: it says that this way is not configured, and nothing else goes wrong"):
        caller.fails("databricks-cli", cli, "cannot configure default credentials")
    caller.signs_in()
    for zone in ZONES:
        with bed.case(f"azure-cli, by a link on PATH, in {zone}"):
            caller.lists("azure-cli", caller.on_path(TZ=zone))
    for zone in ZONES:
        with bed.case(f"databricks-cli, by DATABRICKS_CLI_PATH, in {zone}"):
            caller.lists("databricks-cli", {**cli, "TZ": zone})
    with bed.case("databricks-cli, by a link on PATH"):
        caller.lists("databricks-cli", caller.on_path())
    for zone in ZONES:
        with bed.case(f"metadata-service, by serve, for one command, in {zone}"):
            served = ["serve", "--host", caller.host, "--", *caller.command("metadata-service")]
            caller.listed(bed.entra(*served, env=caller.named(TZ=zone)).json())
    for way, environment, scopes in (
        ("databricks-cli", cli, [DATABRICKS]),
        ("azure-cli", caller.on_path(), [DATABRICKS, MANAGEMENT]),
    ):
        with bed.case(f"{way}: {AT_ONCE} programs that start at once with an expired token: one POST for each resource"):
            expire(bed, *scopes)
            running = [bed.start(caller.command(way), env=environment) for _ in range(AT_ONCE)]
            for one in running:
                caller.listed(one.finish().json())
            check_equal("the POSTs", caller.posts(), scopes)
    expire(bed, *scopes)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    again = ("AADSTS50173", "entra-token login")
    with bed.case("azure-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("azure-cli", caller.on_path(), f"az login --scope {DATABRICKS}", *again)
    with bed.case("databricks-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("databricks-cli", cli, *again)
