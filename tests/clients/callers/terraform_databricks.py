"""Terraform with Databricks' own provider: reads a workspace with our tokens, at the workspace's real name, by each door."""

import json

from harness import installs, terraform
from harness.errors import check, check_equal
from harness.proxy import Proxy, forwards

PROVIDER = "github.com/databricks/terraform-provider-databricks"
INSTALLS = ["openssl", "terraform", "terraform-provider-databricks"]
SECONDS = 600
WORKSPACE = "adb-1234567890123456.7.azuredatabricks.net"
ALIASES = 8
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
    proxy = Proxy(bed, {WORKSPACE: forwards(bed.sandbox.workspace, bed.sandbox.trusting())})
    address = f"https://{WORKSPACE}"
    knows(bed, address)
    links = {}
    for name in ("az", "databricks"):
        links[name] = bed.folder / "links" / name
        links[name].mkdir(parents=True)
        bed.entra("link", links[name], name)
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

    by_cli = module("cli", f'provider "databricks" {{\n  auth_type = "databricks-cli"\n  databricks_cli_path = "{cli}"\n}}\n')
    by_az = module("az", 'provider "databricks" {\n  auth_type = "azure-cli"\n}\n')
    by_environment = module("environment", 'provider "databricks" {}\n')
    ran = json.loads(by_cli("version", "-json").stdout)
    chosen = ran["provider_selections"]["registry.terraform.io/databricks/databricks"]
    with bed.case(f"Terraform {ran['terraform_version']} runs the provider that was built, {chosen}"):
        check_equal("the provider", f"{PROVIDER} v{chosen}", installs.version("terraform-provider-databricks", PROVIDER))
    with bed.case("nobody is signed in, databricks-cli: the plan fails, and says how to sign in"):
        refused = by_cli("plan", status=1)
        check("entra-token login" in terraform.flowed(refused.stderr), refused.stderr)
    with bed.case("nobody is signed in, azure-cli: the plan fails, and says how to sign in"):
        refused = by_az("plan", status=1, PATH=path)
        check("az login" in refused.stderr, refused.stderr)
    login = ("login", "--refresh-token-stdin", "--host", address)
    bed.entra(*login, stdin=bed.sandbox.refresh_token(), env=environment)
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"databricks_cli_path: plans and applies, in {zone}"):
            applies(by_cli, TZ=zone)
        with bed.case(f"auth_type azure-cli, by a link on PATH: plans and applies, in {zone}"):
            applies(by_az, TZ=zone, PATH=path)
    with bed.case("nothing in the provider's block: DATABRICKS_AUTH_TYPE and DATABRICKS_CLI_PATH"):
        applies(by_environment, DATABRICKS_AUTH_TYPE="databricks-cli", DATABRICKS_CLI_PATH=cli)
    with bed.case("metadata-service, by serve, for one command"):
        bed.entra("serve", "--host", address, "--", *by_environment.command("plan"), **by_environment.where())
    with bed.case("exec, for one command"):
        bed.entra("exec", "--host", address, "--", *by_environment.command("plan"), **by_environment.where())
    for way, variables, wanted in (
        ("databricks-cli", {"DATABRICKS_CLI_PATH": cli}, 1),
        # Azure Databricks, and Azure Resource Manager beside it.
        ("azure-cli", {"PATH": path}, 2),
    ):
        with bed.case(f"{ALIASES} providers at once with expired tokens, {way}: one POST per resource"):
            many = module(f"many-{way}", "", "".join(MANY.format(number=number, way=way) for number in range(ALIASES)))
            forget_tokens(bed)
            bed.sandbox.forget()
            many("apply", "-parallelism=24", **variables)
            check_equal("the clusters", set(many.outputs().values()), {5})
            check_equal("the POSTs", len(bed.sandbox.requests("token")), wanted)
    with bed.case("no token is in any state"):
        held = bed.entra("get", "--host", address, "-o", "token", env=environment).stdout.strip()
        for one in (by_cli, by_az, by_environment, many):
            check(held not in one.state(), f"{one.folder.name} has the token in its state")
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for one, way, variables in ((by_cli, "databricks-cli", {}), (by_az, "azure-cli", {"PATH": path})):
        with bed.case(f"a revoked sign-in, {way}: what Entra ID says and what to do"):
            forget_tokens(bed)
            refused = one("plan", status=1, **variables)
            for word in ("AADSTS50173", "entra-token login"):
                check(word in terraform.flowed(refused.stderr), f"`{word}` is not in:\n{refused.stderr}")
    proxy.close()


def knows(bed, address):
    """The workspace's name with the sandbox as its authority: a `[[host]]` goes before what is known of such names."""
    config = bed.home / ".entra-token/config.toml"
    entry = {"name": address, "resource": bed.sandbox.databricks, "authority": bed.sandbox.authority}
    lines = [f'{name} = "{value}"' for name, value in entry.items()]
    config.write_text("\n".join([config.read_text(), "[[host]]", *lines, ""]))


def forget_tokens(bed):
    for file in (bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
        file.unlink()
