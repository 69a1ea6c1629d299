"""Runs under the interpreter that has databricks-sdk: lists a workspace's clusters as any program would do it, told as JSON."""

import json
import sys

from databricks.sdk import WorkspaceClient, version
from databricks.sdk.core import Config


def main() -> None:
    # Limits, so that a workspace that does not answer fails the case and does not outlast it.
    config = Config(auth_type=sys.argv[1], retry_timeout_seconds=5, http_timeout_seconds=10)
    names = [cluster.cluster_name for cluster in WorkspaceClient(config=config).clusters.list()]
    json.dump({"version": version.__version__, "auth_type": config.auth_type, "clusters": names}, sys.stdout)


main()
