"""Terraform's `external` data source: who is signed in, by `as terraform`; no token is in the state unless asked for."""

import json

from harness import installs, terraform
from harness.errors import check, check_equal

PROVIDER = "github.com/terraform-providers/terraform-provider-external"
INSTALLS = ["terraform", "terraform-provider-external"]
ASKS = """data "external" "who" {
  program = ["entra-token", "as", "terraform"]
  query   = { QUERY }
}
output "told" {
  value     = data.external.who.result
  sensitive = true
}
"""


def run(bed):
    host = bed.sandbox.workspace
    terraform.mirror(bed, {"hashicorp/external": ("terraform-provider-external", PROVIDER)})

    def module(name, query):
        text = terraform.required("hashicorp/external") + ASKS.replace("QUERY", query)
        made = terraform.Terraform(bed, name, text, bed.environment())
        made("init")
        return made

    who = module("who", 'tenant = "contoso.example"')
    asking = module("asking", f'host = "{host}", access_token_in_state = "true"')
    ran = json.loads(who("version", "-json").stdout)
    chosen = ran["provider_selections"]["registry.terraform.io/hashicorp/external"]
    with bed.case(f"Terraform {ran['terraform_version']} runs the provider that was built, {chosen}"):
        check_equal("the provider", f"{PROVIDER} v{chosen}", installs.version("terraform-provider-external", PROVIDER))
    with bed.case("nobody is signed in: the plan fails, and says how to sign in"):
        refused = who("plan", status=1)
        check("entra-token login --tenant contoso.example" in terraform.flowed(refused.stderr), refused.stderr)
    bed.entra("login", "--refresh-token-stdin", "--host", host, stdin=bed.sandbox.refresh_token())
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"who is signed in, and for how long, in {zone}; the state holds no token"):
            who("plan", TZ=zone)
            who("apply", TZ=zone)
            told = who.outputs()["told"]
            check_equal("the members", " ".join(sorted(told)), "account expires_at expires_on scope tenant token_type")
            check_equal("the account", told["account"], bed.sandbox.user)
            check_equal("the tenant", told["tenant"], bed.sandbox.tenant)
            # As every JWT begins.
            check('"eyJ' not in who.state(), "there is a token in the state")
    with bed.case("the token, if it is asked for in so many words: it is in the state, and the workspace takes it"):
        asking("apply")
        held = bed.entra("get", "--host", host, "-o", "token").stdout.strip()
        check_equal("the token", asking.outputs()["told"]["access_token"], held)
        check(f'"{held}"' in asking.state(), "the token is not in the state")
        bed.sandbox.takes(asking.outputs()["told"]["access_token"])
    with bed.case("a query that is wrong: the plan fails with the reason"):
        refused = module("wrong", 'hots = "x"')("plan", status=1)
        check("the query has a member that is not known" in terraform.flowed(refused.stderr), refused.stderr)
