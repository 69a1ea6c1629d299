"""Azure's public cloud, played by the sandbox: its hosts have the names that they have for everybody, so that programs run
as their users run them. Only whom to ask for a token is said, in our configuration: the sandbox."""

import json

from .bed import Bed
from .guarded import Answer, Asked
from .proxy import Proxy, forwards

WORKSPACE = "adb-1234567890123456.7.azuredatabricks.net"
MANAGER = "management.azure.com"
# What Azure Resource Manager's tokens are for.
MANAGEMENT = "https://management.core.windows.net/"


def opened(bed: Bed, behind: type[Proxy] = Proxy, also: dict[str, object] | None = None) -> Proxy:
    """Resource Manager and a workspace, behind a proxy; or `Named`, for programs that know no proxy. `also` is what the
    workspace answers, by `METHOD /path`, beyond what the sandbox's can; to those whom it lets in."""
    sandbox = bed.sandbox
    # The next page would be at the sandbox's own address.
    sandbox.behaves(arm_page_size=100)
    addresses = {MANAGER: sandbox.described["resource_manager"], WORKSPACE: sandbox.workspace}
    config = bed.home / ".entra-token/config.toml"
    with config.open("a") as lines:
        for name, resource in ((MANAGER, MANAGEMENT), (WORKSPACE, sandbox.databricks)):
            entry = {"name": f"https://{name}", "resource": resource, "authority": sandbox.authority}
            lines.write("\n".join(["", "[[host]]", *(f'{key} = "{value}"' for key, value in entry.items()), ""]))
    hosts = {name: forwards(address, sandbox.trusting()) for name, address in addresses.items()}
    workspace = hosts[WORKSPACE]

    def larger(asked: Asked) -> Answer:
        body = (also or {}).get(f"{asked.method} {asked.path.partition('?')[0]}")
        if body is None:
            return workspace(asked)
        known = workspace(Asked("GET", "/api/2.0/preview/scim/v2/Me", asked.headers, b""))
        return Answer(json.dumps(body).encode()) if known.status == 200 else known

    return behind(bed, {**hosts, WORKSPACE: larger})


def sign_in(bed: Bed, proxy: Proxy) -> None:
    """With a refresh token that nobody has used."""
    login = ("login", "--refresh-token-stdin", "--host", f"https://{WORKSPACE}")
    bed.entra(*login, stdin=bed.sandbox.refresh_token(), env=proxy.environment())
