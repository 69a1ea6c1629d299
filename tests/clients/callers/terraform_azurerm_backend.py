"""Terraform itself: keeps its state in Azure Storage, with tokens from a link named `az`."""

import json

from harness.blobs import Blobs
from harness.errors import check, check_equal
from harness.expired import expire
from harness.proxy import Proxy
from harness.terraform import Terraform, flowed

INSTALLS = ["openssl", "terraform"]
ACCOUNT = "entrastate.blob.core.windows.net"
RESOURCE = "https://storage.azure.com"
AT_ONCE = 6
BACKEND = """terraform {
  backend "azurerm" {
    use_cli              = true
    use_azuread_auth     = true
    storage_account_name = "entrastate"
    container_name       = "states"
    key                  = "KEY"
  }
}
"""
MODULE = """resource "terraform_data" "one" {
  input = "kept in the cloud"
}
output "told" {
  value = terraform_data.one.output
}
"""
READER = """data "terraform_remote_state" "other" {
  backend = "azurerm"
  config = {
    use_cli              = true
    use_azuread_auth     = true
    storage_account_name = "entrastate"
    container_name       = "states"
    key                  = "UTC"
  }
}
output "read" {
  value = data.terraform_remote_state.other.outputs.told
}
"""


def run(bed):
    blobs = Blobs()
    proxy = Proxy(bed, {ACCOUNT: blobs})
    links = bed.folder / "links"
    links.mkdir()
    bed.entra("link", links, "az")
    environment = proxy.environment(PATH=f"{links}:{bed.environment()['PATH']}")

    def module(name, text):
        return Terraform(bed, name, BACKEND.replace("KEY", name) + text, environment)

    first = module("UTC", MODULE)
    with bed.case("nobody is signed in: init fails with az's own words, which say how to sign in"):
        refused = first("init", status=1)
        check("Please run 'az login' to setup account." in refused.stderr, refused.stderr)
        check(not blobs.tokens, "it asked the storage account")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    version = json.loads(first("version", "-json").stdout)["terraform_version"]
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"Terraform {version} applies, its state in Azure Storage, in {zone}"):
            name = zone.rpartition("/")[2]
            one = first if name == "UTC" else module(name, MODULE)
            one("init", TZ=zone)
            before = blobs.leases
            one("apply", TZ=zone)
            check_equal("the output", one.outputs()["told"], "kept in the cloud")
            check("kept in the cloud" in blobs.held[name].content.decode(), "the state is not in the blob")
            check_equal("how often it was locked", blobs.leases - before, 1)
            check_equal("who holds it", blobs.held[name].lease, None)
    with bed.case("every token was the one that is held for Azure Storage, and none is in a state"):
        held = bed.entra("get", "--resource", RESOURCE, "-o", "token").stdout.strip()
        check_equal("the tokens", blobs.tokens, {held})
        check(not any(held.encode() in blob.content for blob in blobs.held.values()), "a state holds the token")
    with bed.case("terraform_remote_state reads another module's state"):
        reader = Terraform(bed, "reader", READER, environment)
        reader("init")
        reader("apply")
        check_equal("what was read", reader.outputs()["read"], "kept in the cloud")
    with bed.case(f"{AT_ONCE} plans at once with an expired token: one POST"):
        expire(bed, f"{RESOURCE}/.default")
        for one in [first.start("plan", "-lock=false") for _ in range(AT_ONCE)]:
            check("No changes" in one.finish().stdout, "the plan has changes")
        check_equal("the POSTs", len(bed.sandbox.requests("token")), 1)
    with bed.case("a revoked sign-in: the plan fails with what Entra ID says and what to do"):
        expire(bed, f"{RESOURCE}/.default")
        bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
        refused = first("plan", status=1)
        for word in ("AADSTS50173", "entra-token login"):
            check(word in flowed(refused.stderr), f"`{word}` is not in:\n{refused.stderr}")
    proxy.close()
