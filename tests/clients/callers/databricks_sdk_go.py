"""The Databricks SDK for Go: lists clusters with our token, from us as az, as the Databricks CLI and as a metadata service."""

import json

from harness import installs, public_cloud
from harness.errors import check, check_equal
from harness.expired import expire

MODULE = "github.com/databricks/databricks-sdk-go"
INSTALLS = ["openssl", "databricks-sdk-go"]
AT_ONCE = 24
# Another tool of the same name, which stands behind our link.
BEHIND = """#!/bin/sh
case "$*" in
"account show"*) echo '{"user": {"name": "ana", "type": "user"}}' ;;
*) echo '{"accessToken": "TOKEN", "expiresOn": "2099-01-01 00:00:00.000000", "tokenType": "Bearer"}' ;;
esac
"""


def run(bed):
    proxy = public_cloud.opened(bed)
    address = f"https://{public_cloud.WORKSPACE}"
    program = bed.installs["databricks-sdk-go"] / "bin/databricks_lists_clusters"
    links = bed.folder / "links"
    links.mkdir()
    bed.entra("link", links, "az", "databricks")
    plain = bed.environment()["PATH"]
    linked = f"{links}:{plain}"

    def variables(**more):
        return proxy.environment(DATABRICKS_HOST=address, **more)

    def lists(ran, way):
        told = ran.json()
        check_equal("the version", f"{MODULE} v{told['version']}", installs.version("databricks-sdk-go", MODULE))
        check_equal("the way", told["auth_type"], way)
        check_equal("the clusters", len(told["clusters"]), 5)
        return told.get("expires_on")

    def held():
        return bed.entra("get", "--host", address, env=proxy.environment()).json()["expires_on"]

    # How a user sets each of them up, and for how many resources it asks: with azure-cli, for Azure's too.
    ways = {
        "azure-cli": ({"PATH": linked}, [bed.sandbox.databricks, public_cloud.MANAGEMENT]),
        "databricks-cli": ({"DATABRICKS_CLI_PATH": links / "databricks"}, [bed.sandbox.databricks]),
    }
    version = installs.version("databricks-sdk-go", MODULE)
    with bed.case(f"{version}: nobody is signed in, databricks-cli: how to sign in is in the SDK's error"):
        refused = bed.run([program, "databricks-cli"], env=variables(**ways["databricks-cli"][0]), status=1)
        for words in ("databricks OAuth is not configured for this host", "entra-token login"):
            check(words in refused.stderr, f"`{words}` is not in:\n{refused.stderr}")
    with bed.case("nobody is signed in, azure-cli: the SDK says which of its calls failed"):
        refused = bed.run([program, "azure-cli"], env=variables(PATH=linked), status=1)
        check("auth: cannot get account info: exit status 1" in refused.stderr, refused.stderr)
    with bed.case("nobody is signed in, no way chosen: the SDK goes through all of them"):
        refused = bed.run([program], env=variables(PATH=linked), status=1)
        check("cannot configure default credentials" in refused.stderr, refused.stderr)
    with bed.case("nobody is signed in, no way chosen: it goes on past our databricks to the az that stands behind ours"):
        behind = bed.folder / "behind"
        behind.mkdir()
        token = bed.sandbox.control("POST", "access-tokens", {"user": bed.sandbox.user, "resource": bed.sandbox.databricks})
        (behind / "az").write_text(BEHIND.replace("TOKEN", token["access_token"]))
        (behind / "az").chmod(0o755)
        lists(bed.run([program], env=variables(PATH=f"{links}:{behind}:{plain}")), "azure-cli")
    public_cloud.sign_in(bed, proxy)
    for way, (setting, _) in ways.items():
        for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
            with bed.case(f"{way}, in {zone}: the clusters, and the token's true expiry"):
                check_equal("the expiry", lists(bed.run([program, way], env=variables(TZ=zone, **setting)), way), held())
    with bed.case("no way chosen, both links on PATH: databricks-cli, which the SDK tries first"):
        lists(bed.run([program], env=variables(PATH=linked)), "databricks-cli")
    with bed.case("a profile of .databrickscfg: the SDK names it, and we read its host"):
        (bed.home / ".databrickscfg").write_text(f"[lab]\nhost = {address}\nauth_type = databricks-cli\n")
        environment = proxy.environment(PATH=linked, DATABRICKS_CONFIG_PROFILE="lab")
        lists(bed.run([program], env=environment), "databricks-cli")
        (bed.home / ".databrickscfg").unlink()
    with bed.case("metadata-service, by serve, for one command"):
        lists(bed.entra("serve", "--host", address, "--", program, "metadata-service", env=variables()), "metadata-service")
    with bed.case("no way chosen, in serve: metadata-service"):
        lists(bed.entra("serve", "--host", address, "--", program, env=variables()), "metadata-service")
    with bed.case("exec, for one command: the token itself"):
        lists(bed.entra("exec", "--host", address, "--", program, env=variables()), "pat")
    for way, (setting, resources) in ways.items():
        with bed.case(f"{AT_ONCE} programs at once with expired tokens, {way}: one POST per resource, {len(resources)}"):
            expire(bed, *(f"{resource}/.default" for resource in resources))
            running = [bed.start([program, way], env=variables(**setting)) for _ in range(AT_ONCE)]
            ends = {lists(one.finish(), way) for one in running}
            check_equal("the expiry, of all", ends, {held()})
            asked = [dict(request["form"])["scope"].split()[0] for request in bed.sandbox.requests("token")]
            check_equal("the POSTs", sorted(asked), sorted(f"{resource}/.default" for resource in resources))
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    for way, (setting, _) in ways.items():
        with bed.case(f"a sign-in that is needed again, {way}: what Entra ID says, and how to sign in"):
            for file in (bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
                file.unlink()
            refused = bed.run([program, way], env=variables(**setting), status=1)
            for words in ("AADSTS50173", "entra-token login"):
                check(words in refused.stderr, f"`{words}` is not in:\n{refused.stderr}")
    proxy.close()
