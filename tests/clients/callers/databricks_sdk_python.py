"""The Databricks SDK for Python: lists clusters with our token, from us as az, as the Databricks CLI, as a metadata service, and by exec."""

from pathlib import Path

from harness import installs, public_cloud
from harness.databricks_sdk import AGAIN, AT_ONCE, DATABRICKS, HOST, MANAGEMENT, Caller
from harness.errors import check, check_equal
from harness.expired import expire
from harness.named import Named

INSTALLS = ["openssl", "databricks-sdk-python"]
PROGRAM = Path(__file__).parents[1] / "programs/databricks_lists_clusters.py"


def run(bed):
    cloud = public_cloud.opened(bed, Named)
    caller = Caller(bed, [bed.installs["databricks-sdk-python"] / "bin/python", PROGRAM], cloud)
    az = caller.linked()
    cli = caller.environment(DATABRICKS_CLI_PATH=caller.links / "databricks")
    version = installs.version("databricks-sdk-python", "databricks-sdk")
    with bed.case(f"{version}, neither az nor databricks on PATH: it knows no way"):
        told = caller.asks("azure-cli", caller.environment())
        check_equal("the version", f"databricks-sdk {told['version']}", version)
        check("cannot configure default credentials" in told["message"], told["message"])
    with bed.case("azure-cli, nobody signed in: it lists nothing"):
        caller.fails("azure-cli", az, "default auth: ")
    with bed.case("databricks-cli, nobody signed in: it says that this way is not configured, and nothing else goes wrong"):
        caller.fails("databricks-cli", cli, "cannot configure default credentials")
    caller.signs_in()
    caller.lists_in_every_zone("azure-cli, by a link on PATH", az)
    caller.lists_in_every_zone("databricks-cli, by DATABRICKS_CLI_PATH", cli)
    with bed.case("databricks-cli, by a link on PATH"):
        caller.lists("databricks-cli", az)
    with bed.case("metadata-service, by serve, for one command"):
        served = ["serve", "--host", HOST, "--", *caller.command("metadata-service")]
        told = bed.entra(*served, env=caller.environment()).json()
        check_equal("the way", told["auth_type"], "metadata-service")
        check_equal("the clusters", len(told["clusters"]), 5)
    with bed.case("pat, by exec, for one command"):
        told = bed.entra("exec", "--host", HOST, "--", *caller.command("pat"), env=caller.environment()).json()
        check_equal("the clusters", len(told["clusters"]), 5)
    for way, environment in (("databricks-cli", cli), ("azure-cli", az)):
        # For a person it asks for nothing else; the SDKs of other languages want a token of Azure's too.
        with bed.case(f"{way}: {AT_ONCE} programs that start at once with expired tokens: one POST"):
            expire(bed, DATABRICKS, MANAGEMENT)
            running = [bed.start(caller.command(way), env=environment) for _ in range(AT_ONCE)]
            caller.listed(*(one.finish().json() for one in running))
            check_equal("the POSTs", caller.posts(), [DATABRICKS])
    expire(bed, DATABRICKS)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    with bed.case("azure-cli, a sign-in that is needed again: it keeps what az says for its log, and knows no way"):
        caller.fails("azure-cli", az, "cannot configure default credentials")
    with bed.case("databricks-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("databricks-cli", cli, *AGAIN)
    cloud.close()
