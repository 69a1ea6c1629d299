"""The Databricks SDK for JavaScript: lists clusters with our token, from us as az, as the Databricks CLI and as a metadata service."""

from pathlib import Path

from harness import installs, public_cloud
from harness.databricks_sdk import AGAIN, AT_ONCE, DATABRICKS, HOST, MANAGEMENT, Caller
from harness.errors import check, check_equal
from harness.expired import expire
from harness.named import Named

INSTALLS = ["openssl", "databricks-sdk-js"]
PROGRAM = Path(__file__).parents[1] / "programs/databricks_lists_clusters.mjs"
SDK = "@databricks/sdk-experimental"


def run(bed):
    cloud = public_cloud.opened(bed, Named)
    node = ["node", PROGRAM, bed.installs["databricks-sdk-js"] / "node_modules"]
    caller = Caller(bed, node, cloud)
    az = caller.linked()
    cli = caller.environment(DATABRICKS_CLI_PATH=caller.links / "databricks")
    version = installs.version("databricks-sdk-js", SDK)
    with bed.case(f"{version}, neither az nor databricks on PATH: it knows no way"):
        told = caller.asks("azure-cli", caller.environment())
        check_equal("the version", told["version"], version)
        check("cannot configure default credentials" in told["message"], told["message"])
    with bed.case("azure-cli, nobody signed in: it shows what we say"):
        caller.fails("azure-cli", az, "cannot get access token: ERROR: Please run 'az login'")
    with bed.case("databricks-cli, nobody signed in: it says that this way is not configured, and nothing else goes wrong"):
        caller.fails("databricks-cli", cli, "cannot configure default credentials")
    caller.signs_in()
    caller.lists_in_every_zone("azure-cli, by a link on PATH", az)
    with bed.case("azure-cli, with the workspace's resource id alone: it finds the host by a token for Resource Manager"):
        found = {name: value for name, value in az.items() if name != "DATABRICKS_HOST"}
        caller.lists("azure-cli", {**found, "DATABRICKS_AZURE_RESOURCE_ID": caller.resource_id})
    caller.lists_in_every_zone("databricks-cli, by DATABRICKS_CLI_PATH", cli)
    with bed.case("databricks-cli, by a link on PATH"):
        caller.lists("databricks-cli", az)
    with bed.case("metadata-service, by serve, for one command"):
        served = ["serve", "--host", HOST, "--", *caller.command("metadata-service")]
        caller.listed(bed.entra(*served, env=caller.environment()).json())
    for way, environment, scopes in (("databricks-cli", cli, [DATABRICKS]), ("azure-cli", az, [DATABRICKS, MANAGEMENT])):
        with bed.case(f"{way}: {AT_ONCE} programs that start at once with expired tokens: one POST for each resource"):
            expire(bed, *scopes)
            running = [bed.start(caller.command(way), env=environment) for _ in range(AT_ONCE)]
            caller.listed(*(one.finish().json() for one in running))
            check_equal("the POSTs", caller.posts(), scopes)
    expire(bed, DATABRICKS)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    with bed.case("azure-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("azure-cli", az, f"az login --scope {DATABRICKS}", *AGAIN)
    with bed.case("databricks-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("databricks-cli", cli, *AGAIN)
    with bed.case("metadata-service, a sign-in that is needed again: it fails, though its error says no more than that"):
        served = ["serve", "--host", HOST, "--", *caller.command("metadata-service")]
        told = bed.entra(*served, env=caller.environment()).json()
        check("token parse: invalid token" in told.get("message", ""), f"it told {told}")
    cloud.close()
