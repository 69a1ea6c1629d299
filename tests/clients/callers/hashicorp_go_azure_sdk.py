"""HashiCorp's go-azure-sdk, by which Terraform's azurerm and azuread sign in: our `az` gives tokens, account and version."""

from harness import installs, public_cloud
from harness.errors import check, check_equal
from harness.expired import expire

MODULE = "github.com/hashicorp/go-azure-sdk/sdk"
INSTALLS = ["openssl", "hashicorp-go-azure-sdk"]
GRAPH = "https://graph.microsoft.com/.default"
MANAGER = "https://management.azure.com/.default"
# Another of the user's, of the same tenant.
OTHER = "75b2d8c0-1e6f-49a3-8c54-f2a7e9061bd8"
AT_ONCE = 24


def run(bed):
    proxy = public_cloud.opened(bed)
    program = bed.installs["hashicorp-go-azure-sdk"] / "bin/hashicorp_lists_subscriptions"
    links = bed.folder / "links"
    links.mkdir()
    bed.entra("link", links, "az")

    def environment(**more):
        return proxy.environment(PATH=f"{links}:{bed.environment()['PATH']}", **more)

    def signs_in(status=0, **variables):
        return bed.run([program], env=environment(**variables), status=status)

    def az(*words):
        return bed.run([links / "az", *words], env=environment()).json()

    def has(told):
        """Its tokens are of the right kinds, and it takes them for what they are."""
        check_equal("the version", told["version"], installs.version("hashicorp-go-azure-sdk", MODULE))
        check_equal("the tenant", told["tenant"], bed.sandbox.tenant)
        wanted = {"resource_manager": (MANAGER, "user_impersonation"), "graph": (GRAPH, "User.Read")}
        for which, (scope, permission) in wanted.items():
            token = told[which]
            held = bed.entra("get", "--scope", scope, env=environment()).json()
            check_equal(f"{which}: the tenant", token["tenant"], bed.sandbox.tenant)
            check_equal(f"{which}: the audience", token["audience"], scope.removesuffix("/.default"))
            check_equal(f"{which}: the expiry", token["expires_on"], held["expires_on"])
            check_equal(f"{which}: the type", token["type"], "Bearer")
            check(token["object"], f"{which}: nobody's")
            check(permission in token["scopes"].split(), f"{which}: `{permission}` is not in {token['scopes']}")
        return told

    with bed.case(f"{installs.version('hashicorp-go-azure-sdk', MODULE)}: our `az version` is one that it takes"):
        version = az("version")["azure-cli"]
        check((2, 0, 81) <= tuple(int(part) for part in version.split(".")) < (3, 0, 0), version)
    with bed.case("nobody is signed in: the words of az, which say how to sign in"):
        refused = signs_in(status=1)
        check("Please run 'az login' to setup account." in refused.stderr, refused.stderr)
    public_cloud.sign_in(bed, proxy)
    shown = az("account", "show")
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"tenant and subscription from us, in {zone}: Resource Manager lists with the token, its expiry is true"):
            told = has(signs_in(TZ=zone).json())
            check_equal("the subscription", told["default_subscription"], shown["id"])
            check(shown["id"] in told["subscriptions"] and OTHER in told["subscriptions"], f"it lists {told}")
    with bed.case("ARM_SUBSCRIPTION_ID, as azurerm wants one: looked for in our `az account list`"):
        has(signs_in(ARM_SUBSCRIPTION_ID=OTHER.upper()).json())
    with bed.case("ARM_TENANT_ID, as azuread wants one"):
        has(signs_in(ARM_TENANT_ID=bed.sandbox.tenant).json())
    with bed.case("a subscription that nobody knows: it says so"):
        refused = signs_in(status=1, ARM_SUBSCRIPTION_ID="00000000-0000-0000-0000-000000000001")
        check("is not known by Azure CLI" in refused.stderr, refused.stderr)
    with bed.case(f"{AT_ONCE} programs at once with expired tokens: one POST for Resource Manager, one for Graph"):
        expire(bed, MANAGER, GRAPH)
        running = [bed.start([program], env=environment(ARM_TENANT_ID=bed.sandbox.tenant)) for _ in range(AT_ONCE)]
        ends = {has(one.finish().json())["resource_manager"]["expires_on"] for one in running}
        check_equal("the expiry, of all", len(ends), 1)
        asked = [dict(request["form"])["scope"].split()[0] for request in bed.sandbox.requests("token")]
        check_equal("the POSTs", sorted(asked), sorted([MANAGER, GRAPH]))
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    with bed.case("a sign-in that is needed again: what Entra ID says, and how to sign in"):
        for file in (bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
            file.unlink()
        refused = signs_in(status=1)
        for words in ("AADSTS50173", "az login --scope", "entra-token login"):
            check(words in refused.stderr, f"`{words}` is not in:\n{refused.stderr}")
    proxy.close()
