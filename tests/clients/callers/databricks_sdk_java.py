"""The Databricks SDK for Java: lists clusters with our token, from us as az and as the Databricks CLI."""

import json
from pathlib import Path

from harness import installs, public_cloud
from harness.databricks_sdk import AGAIN, AT_ONCE, DATABRICKS, MANAGEMENT, Caller
from harness.errors import check, check_equal
from harness.expired import expire
from harness.java import Java
from harness.named import Named

INSTALLS = ["openssl", "java", "databricks-sdk-java"]
SECONDS = 600
PROGRAM = Path(__file__).parents[1] / "programs/DatabricksListsClusters.java"


def run(bed):
    cloud = public_cloud.opened(bed, Named)
    java = Java(bed, PROGRAM, bed.installs["databricks-sdk-java"])
    java.trusts(cloud.ca)
    caller = Caller(bed, java.command(), cloud)
    az = caller.linked()
    cli = caller.environment(DATABRICKS_CLI_PATH=caller.links / "databricks")
    version = installs.version("databricks-sdk-java", "com.databricks:databricks-sdk-java")
    with bed.case(f"{version}, {java.version()}, neither az nor databricks on PATH: it knows no way"):
        told = caller.asks("azure-cli", caller.environment())
        check(f" {version.partition(':')[2].replace(' ', '/')} " in told["agent"], told["agent"])
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
    with bed.case("azure-cli, by AZ_PATH"):
        caller.lists("azure-cli", caller.environment(AZ_PATH=caller.links / "az"))
    caller.lists_in_every_zone("databricks-cli, by DATABRICKS_CLI_PATH", cli)
    with bed.case("databricks-cli, by a link on PATH"):
        caller.lists("databricks-cli", az)
    with bed.case("databricks-cli, in a zone that only Java knows of: the token's true end"):
        moved = java.command("databricks-cli", settings=("-Duser.timezone=Asia/Tokyo",))
        caller.listed(bed.run(moved, env=cli).json())
    for way, environment, scopes in (("databricks-cli", cli, [DATABRICKS]), ("azure-cli", az, [DATABRICKS, MANAGEMENT])):
        with bed.case(f"{way}: {AT_ONCE} clients in one program that start at once with expired tokens: one POST for each resource"):
            expire(bed, *scopes)
            told = bed.run(caller.command(way, AT_ONCE), env=environment).stdout.splitlines()
            check_equal("the clients", len(told), AT_ONCE)
            caller.listed(*(json.loads(line) for line in told))
            check_equal("the POSTs", caller.posts(), scopes)
    expire(bed, DATABRICKS)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    with bed.case("azure-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("azure-cli", az, f"az login --scope {DATABRICKS}", *AGAIN)
    with bed.case("databricks-cli, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("databricks-cli", cli, *AGAIN)
    cloud.close()
