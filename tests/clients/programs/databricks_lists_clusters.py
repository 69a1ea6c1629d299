"""Runs under the interpreter that has databricks-sdk: lists a workspace's clusters as any program would do it, told as JSON."""

import json
import sys

from databricks.sdk import WorkspaceClient, version
from databricks.sdk.core import Config
from databricks.sdk.credentials_provider import AzureCliTokenSource


def main() -> None:
    told: dict = {"version": version.__version__}
    try:
        # Limits, so that a workspace that does not answer fails the case and does not outlast it.
        config = Config(auth_type=sys.argv[1], retry_timeout_seconds=5, http_timeout_seconds=10)
        told["auth_type"] = config.auth_type
        told["clusters"] = [cluster.cluster_name for cluster in WorkspaceClient(config=config).clusters.list()]
        if config.auth_type == "azure-cli":
            # Its own reader of az's answer; what it makes of the time is seen nowhere else.
            token = AzureCliTokenSource(config.effective_azure_login_app_id).token()
            told["expires_on"] = round(token.expiry.timestamp())
        elif config.auth_type == "databricks-cli":
            told["expires_on"] = round(config.oauth_token().expiry.timestamp())
    except Exception as why:
        told |= {"error": type(why).__name__, "message": str(why)}
    json.dump(told, sys.stdout)


main()
