"""SQL drivers and dbt, which call no program: what README says for them, as it stands there, up to a row from a warehouse."""

import json
from pathlib import Path

from harness import installs, public_cloud, readme
from harness.errors import check, check_equal
from harness.expired import expire, mature
from harness.named import Named
from harness.public_cloud import WORKSPACE
from harness.warehouse import Warehouse

# dbt asks for a git.
INSTALLS = ["openssl", "git", "databricks-sql-connector", "dbt-databricks"]
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
SECTION = "SQL drivers and dbt"
HOST = f"https://{WORKSPACE}"


def run(bed):
    site = next((bed.installs["databricks-sql-connector"] / "lib").glob("python*/site-packages"))
    cloud = public_cloud.opened(bed, lambda bed, hosts: Behind(bed, hosts, site))
    warehouse = cloud.warehouse
    connector(bed, cloud, warehouse)
    dbt(bed, cloud, warehouse)
    cloud.close()


class Behind(Named):
    """Azure's public cloud, with a warehouse in the workspace."""

    def __init__(self, bed, hosts, site: Path) -> None:
        self.warehouse = Warehouse(site, hosts[WORKSPACE])
        super().__init__(bed, {**hosts, WORKSPACE: self.warehouse})


def connector(bed, cloud, warehouse):
    named = installs.version("databricks-sql-connector", "databricks-sql-connector")
    program = bed.home / "query.py"
    program.write_text(readme.block(SECTION, "python"))
    command = [bed.installs["databricks-sql-connector"] / "bin/python", program]

    def asks(**variables):
        warehouse.brought.clear()
        ran = bed.run(command, env=cloud.environment(**variables))
        check_equal("the rows", ran.stdout, "[Row(one=1)]\n")
        check_equal("the statement", warehouse.statements[-1], "SELECT 1")
        check(len(warehouse.brought) > 1, f"it asked {len(warehouse.brought)} times")
        return set(warehouse.brought)

    with bed.case(f"{named}, nobody signed in: it fails, and the sign-in command is shown"):
        refused = bed.run(command, env=cloud.environment(), status=1)
        check("entra-token login" in refused.stderr, refused.stderr)
        check_equal("the requests", warehouse.brought, [])
    public_cloud.sign_in(bed, cloud)
    for zone in ZONES:
        with bed.case(f"{named}, as in README: a query with our token in each request, in {zone}"):
            check_equal("the tokens", asks(TZ=zone), {f"Bearer {held(bed, cloud)}"})
    with bed.case(f"{named}: where a token ends soon it asks for the next one, in the same session"):
        usual = bed.sandbox.control("GET", "settings")["lifetime"]
        expire(bed, f"{bed.sandbox.databricks}/.default")
        # It keeps a token up to its last minute.
        bed.sandbox.behaves(lifetime=45)
        warehouse.meanwhile = lambda: mature(bed)
        check(len(asks()) > 1, "all requests had the same token")
        warehouse.meanwhile = lambda: None
        bed.sandbox.behaves(lifetime=usual)


def dbt(bed, cloud, warehouse):
    pinned = " ".join(installs.version("dbt-databricks", name) for name in ("dbt-databricks", "dbt-core"))
    profiles = bed.home / ".dbt"
    profiles.mkdir()
    (profiles / "profiles.yml").write_text(readme.block(SECTION, "yaml"))
    project = bed.home / "project"
    project.mkdir()
    (project / "dbt_project.yml").write_text(json.dumps({"name": "contoso", "profile": "contoso"}))
    (line,) = readme.block(SECTION, "console").splitlines()
    environment = cloud.environment(DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    environment["PATH"] = f"{bed.installs['dbt-databricks'] / 'bin'}:{environment['PATH']}"
    command = line.replace("dbt run", "dbt debug")
    check(command != line, line)
    with bed.case(f"{pinned}, as in README: `dbt debug` finds the warehouse with our token"):
        warehouse.brought.clear()
        told = bed.run(["sh", "-c", command], env=environment, cwd=project).stdout
        check("All checks passed" in told, told)
        token = held(bed, cloud)
        check_equal("the tokens", set(warehouse.brought), {f"Bearer {token}"})
        written = [file for file in project.rglob("*") if file.is_file()]
        check(written, "dbt wrote no log")
        check(all(token not in file.read_text(errors="replace") for file in written), "a log has the token")
        check(token not in told, "the token is shown")
    with bed.case(f"{pinned}, nobody signed in: dbt does not start, and the sign-in command is shown"):
        bed.entra("logout", "--all")
        warehouse.brought.clear()
        refused = bed.run(["sh", "-c", command], env=environment, cwd=project, status=3)
        check("entra-token login" in refused.stderr and not refused.stdout, refused.stderr)
        check_equal("the requests", warehouse.brought, [])


def held(bed, cloud) -> str:
    return bed.entra("get", "--host", HOST, "-o", "token", env=cloud.environment()).stdout.strip()
