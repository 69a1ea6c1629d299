"""Terraform with Databricks' own provider: reads a workspace, under its real name, with our tokens by each door."""

import json

from harness import installs, public_cloud, terraform
from harness.errors import check, check_equal
from harness.expired import expire

PROVIDER = "github.com/databricks/terraform-provider-databricks"
INSTALLS = ["openssl", "terraform", "terraform-provider-databricks"]
SECONDS = 600
ALIASES = 8
BY_CLI = """provider "databricks" {
  auth_type           = "databricks-cli"
  databricks_cli_path = pathexpand("~/.local/bin/databricks")
}
"""
BY_AZ = """provider "databricks" {
  auth_type = "azure-cli"
}
"""
READS = """data "databricks_current_user" "me" {}
data "databricks_clusters" "all" {}
resource "terraform_data" "kept" {
  input = data.databricks_clusters.all.ids
}
output "user" {
  value = data.databricks_current_user.me.user_name
}
output "clusters" {
  value = terraform_data.kept.output
}
"""
MANY = """provider "databricks" {{
  alias     = "n{number}"
  auth_type = "{way}"
}}
data "databricks_clusters" "n{number}" {{
  provider = databricks.n{number}
}}
output "n{number}" {{
  value = length(data.databricks_clusters.n{number}.ids)
}}
"""


def run(bed):
    proxy = public_cloud.opened(bed)
    address = f"https://{public_cloud.WORKSPACE}"
    links = {"az": bed.home / "links", "databricks": bed.home / ".local/bin"}
    for name, folder in links.items():
        folder.mkdir(parents=True)
        bed.entra("link", folder, name)
    path = f"{links['az']}:{bed.environment()['PATH']}"
    cli = links["databricks"] / "databricks"
    environment = proxy.environment(DATABRICKS_HOST=address)
    terraform.mirror(bed, {"databricks/databricks": ("terraform-provider-databricks", PROVIDER)})
    required = terraform.required("databricks/databricks")

    def module(name, provider, text=READS):
        made = terraform.Terraform(bed, name, f"{required}{provider}{text}", environment)
        made("init")
        return made

    def applies(one, **variables):
        told = one("plan", **variables).stdout
        check("1 to add" in told or "No changes" in told, told)
        one("apply", **variables)
        check_equal("the user", one.outputs()["user"], bed.sandbox.user)
        check_equal("the clusters", len(one.outputs()["clusters"]), 5)

    by_cli = module("cli", BY_CLI)
    by_az = module("az", BY_AZ)
    by_environment = module("environment", 'provider "databricks" {}\n')
    ran = json.loads(by_cli("version", "-json").stdout)
    chosen = ran["provider_selections"]["registry.terraform.io/databricks/databricks"]
    with bed.case(f"Terraform {ran['terraform_version']} runs the provider that was built, {chosen}"):
        check_equal("the provider", f"{PROVIDER} v{chosen}", installs.version("terraform-provider-databricks", PROVIDER))
    with bed.case("nobody is signed in, databricks-cli: the plan fails, and says how to sign in"):
        refused = by_cli("plan", status=1)
        check("entra-token login" in terraform.flowed(refused.stderr), refused.stderr)
    with bed.case("nobody is signed in, azure-cli: the plan fails; of what `az` says, Databricks' SDK shows nothing"):
        refused = by_az("plan", status=1, PATH=path)
        check("cannot get account info: exit status 1" in terraform.flowed(refused.stderr), refused.stderr)
    public_cloud.sign_in(bed, proxy)
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"databricks_cli_path: plans and applies, in {zone}"):
            applies(by_cli, TZ=zone)
        with bed.case(f"auth_type azure-cli, by a link on PATH: plans and applies, in {zone}"):
            applies(by_az, TZ=zone, PATH=path)
    with bed.case("nothing in the provider's block: DATABRICKS_AUTH_TYPE and DATABRICKS_CLI_PATH"):
        applies(by_environment, DATABRICKS_AUTH_TYPE="databricks-cli", DATABRICKS_CLI_PATH=cli)
    for verb, way in (("serve", "metadata-service"), ("exec", "pat")):
        with bed.case(f"{way}, by {verb}, for one command"):
            where = by_environment.where(DATABRICKS_AUTH_TYPE=way)
            planned = bed.entra(verb, "--host", address, "--", *by_environment.command("plan"), **where)
            check("No changes" in planned.stdout, planned.stdout)
    databricks, manager = f"{bed.sandbox.databricks}/.default", f"{public_cloud.MANAGEMENT}/.default"
    for way, variables, scopes in (
        ("databricks-cli", {"DATABRICKS_CLI_PATH": cli}, [databricks]),
        ("azure-cli", {"PATH": path}, [databricks, manager]),
    ):
        with bed.case(f"{ALIASES} providers at once with expired tokens, {way}: one POST per resource"):
            many = module(f"many-{way}", "", "".join(MANY.format(number=number, way=way) for number in range(ALIASES)))
            expire(bed, *scopes)
            many("apply", "-parallelism=24", **variables)
            check_equal("the clusters", set(many.outputs().values()), {5})
            check_equal("the POSTs", len(bed.sandbox.requests("token")), len(scopes))
    with bed.case("no token is in any state"):
        for one in (by_cli, by_az, by_environment, many):
            # As every JWT begins.
            check('"eyJ' not in one.state(), f"{one.folder.name} has a token in its state")
    expire(bed, databricks, manager)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for one, way, variables in ((by_cli, "databricks-cli", {}), (by_az, "azure-cli", {"PATH": path})):
        with bed.case(f"a revoked sign-in, {way}: what Entra ID says and what to do"):
            refused = one("plan", status=1, **variables)
            for word in ("AADSTS50173", "entra-token login"):
                check(word in terraform.flowed(refused.stderr), f"`{word}` is not in:\n{refused.stderr}")
    proxy.close()
