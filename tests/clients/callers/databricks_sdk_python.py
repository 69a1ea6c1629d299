"""The Databricks SDK for Python: lists clusters with our token, from us as the Databricks CLI and as a metadata service."""

from pathlib import Path

from harness import installs
from harness.errors import check, check_equal

INSTALLS = ["databricks-sdk-python"]
PROGRAM = Path(__file__).parents[1] / "programs/databricks_lists_clusters.py"
AT_ONCE = 24


def run(bed):
    host = bed.sandbox.workspace
    link = bed.folder / "links/databricks"
    link.parent.mkdir()
    link.symlink_to(bed.entra_token)
    python = bed.installs["databricks-sdk-python"] / "bin/python"

    def variables(**more):
        return bed.environment(DATABRICKS_HOST=host, **more)

    def lists(ran, way):
        told = ran.json()
        check_equal("the version", f"databricks-sdk {told['version']}", installs.version("databricks-sdk-python", "databricks-sdk"))
        check_equal("the way", told["auth_type"], way)
        check(len(told["clusters"]) > 1, f"no clusters: {told}")

    cli = [python, PROGRAM, "databricks-cli"]
    with bed.case("nobody is signed in: it says that this way is not configured, and nothing else goes wrong"):
        refused = bed.run(cli, env=variables(DATABRICKS_CLI_PATH=link), status=1)
        check("cannot configure default credentials" in refused.stderr, refused.stderr)
    bed.entra("login", "--refresh-token-stdin", "--host", host, stdin=bed.sandbox.refresh_token())
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"databricks-cli, by DATABRICKS_CLI_PATH, in {zone}"):
            lists(bed.run(cli, env=variables(DATABRICKS_CLI_PATH=link, TZ=zone)), "databricks-cli")
    with bed.case("databricks-cli, by a link on PATH"):
        path = f"{link.parent}:{bed.environment()['PATH']}"
        lists(bed.run(cli, env=variables(PATH=path)), "databricks-cli")
    with bed.case(f"{AT_ONCE} programs that start at once with an expired token: one POST"):
        for file in (bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
            file.unlink()
        bed.sandbox.forget()
        running = [bed.start(cli, env=variables(DATABRICKS_CLI_PATH=link)) for _ in range(AT_ONCE)]
        for one in running:
            lists(one.finish(), "databricks-cli")
        check_equal("the POSTs", len(bed.sandbox.requests("token")), 1)
    with bed.case("metadata-service, by serve, for one command"):
        served = ["serve", "--host", host, "--", python, PROGRAM, "metadata-service"]
        lists(bed.entra(*served, env=variables()), "metadata-service")
