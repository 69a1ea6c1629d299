"""Our requests beside msal's, field by field: every difference has a reason here, and every reason a difference."""

import hashlib

from harness import our_login
from harness.compare import OURS, THEIRS, differences
from harness.errors import check
from harness.msal import DEVICE, Msal

INSTALLS = ["msal"]

# What is different in each request for a token.
TOKEN = {
    "token: header user-agent: other value": "each says its own name",
    f"token: header accept-encoding: {THEIRS}": "5 KB are not worth a decompressor that a server could abuse",
    f"token: header connection: {THEIRS}": "HTTP/1.1 keeps connections without being asked",
    "token: header x-client-sku: other value": "Entra's logs and support must not take us for msal",
    "token: header x-client-ver: other value": "the version belongs to the name",
    f"token: header x-client-os: {THEIRS}": "optional; nobody needs to know it",
    f"token: header x-ms-lib-capability: {THEIRS}": "optional; a promise to honour Retry-After, which we keep unsaid",
    f"token: header x-client-current-telemetry: {THEIRS}": "msal's telemetry; we send none",
    f"token: header x-client-last-telemetry: {THEIRS}": "msal's telemetry; we send none",
}

# What msal does before each, and we once, when we sign in to an authority that is on no list of ours.
DISCOVERED = {
    "openid_configuration: header user-agent: other value": "each says its own name",
    "openid_configuration: header accept: other value": "we say that we want JSON",
    f"openid_configuration: header accept-encoding: {THEIRS}": "as for tokens",
    f"openid_configuration: header connection: {THEIRS}": "as for tokens",
    f"openid_configuration: header client-request-id: {OURS}": "whatever fails, support can find it",
}

# As `TOKEN`, in the request for a device code.
DEVICECODE = {
    "devicecode: header user-agent: other value": "each says its own name",
    "devicecode: header accept: other value": "we say that we want JSON",
    f"devicecode: header accept-encoding: {THEIRS}": "as for tokens",
    f"devicecode: header connection: {THEIRS}": "as for tokens",
    "devicecode: header x-client-sku: other value": "as for tokens",
    "devicecode: header x-client-ver: other value": "as for tokens",
    f"devicecode: header x-client-os: {THEIRS}": "as for tokens",
    f"devicecode: header x-ms-lib-capability: {THEIRS}": "as for tokens",
}

# As `TOKEN`, in the question who is responsible for a user.
USER_REALM = {
    "user_realm: header user-agent: other value": "each says its own name",
    f"user_realm: header accept-encoding: {THEIRS}": "as for tokens",
    f"user_realm: header connection: {THEIRS}": "as for tokens",
}

NOT_DISCOVERED = {
    f"GET /{{tenant}}/v2.0/.well-known/openid-configuration: {THEIRS}": "the endpoints are kept since the sign-in",
}

NO_CAPABILITY = "no capability is declared (msal's caller declares CP1): tokens stay short-lived"
ROUTING = "optional; a hint for Entra's routing"

REASONS = {
    "browser": {
        **DISCOVERED,
        **TOKEN,
        f"authorize: query X-AnchorMailbox: {THEIRS}": ROUTING,
        f"authorize: query claims: {THEIRS}": NO_CAPABILITY,
        f"token: header x-anchormailbox: {THEIRS}": ROUTING,
        f"token: form claims: {THEIRS}": NO_CAPABILITY,
    },
    "device code": {
        **DISCOVERED,
        **DEVICECODE,
        **TOKEN,
        f"devicecode: form claims: {THEIRS}": NO_CAPABILITY,
        f"token: form code: {THEIRS}": "the device code once more, under a name that no specification has",
        f"token: form claims: {THEIRS}": NO_CAPABILITY,
    },
    "password": {
        **DISCOVERED,
        **USER_REALM,
        **TOKEN,
        f"token: header x-anchormailbox: {THEIRS}": ROUTING,
        f"token: form claims: {THEIRS}": NO_CAPABILITY,
    },
    "sign-in by refresh token": {**DISCOVERED, **TOKEN},
    "refresh": {
        **NOT_DISCOVERED,
        **TOKEN,
        f"token: header x-anchormailbox: {THEIRS}": ROUTING,
        f"token: form claims: {THEIRS}": NO_CAPABILITY,
    },
}


def run(bed):
    bed.sandbox.behaves(device_interval=1)
    for flow, (ours, theirs) in flows(bed).items():
        with bed.case(f"{flow}: {len(REASONS[flow])} differences, each with its reason"):
            explained(REASONS[flow], differences(recorded(bed, ours), recorded(bed, theirs)))


def flows(bed):
    """By name, how we do it and how msal does it."""
    sandbox, msal = bed.sandbox, Msal(bed, "msal")
    user, password = sandbox.user, sandbox.password(sandbox.user)
    authority = ["--authority-host", sandbox.authority, "--tenant", sandbox.tenant]

    def msal_does(way, *more, **options):
        msal.signs_in(way, *more, authority=sandbox.tenant, **options)

    def our_browser():
        our_login.by_browser(bed, bed.person().visits, "--login-hint", user, *authority)

    def msal_browser():
        msal_does("browser", "--username", user, env=bed.environment(BROWSER=bed.browser()))

    def our_device():
        our_login.by_device_code(bed, bed.person().visits, *authority)

    def msal_device():
        waiting = bed.start(msal.command("device", authority=sandbox.tenant))
        bed.person().visits(*waiting.says(DEVICE).groups())
        waiting.finish()

    def we_log_in(*way, **options):
        bed.entra("login", *way, *authority, **options)

    def we_refresh():
        held = bed.entra("get", "-o", "token").stdout.strip()
        bed.entra("get", "--rejected", f"sha256:{hashlib.sha256(held.encode()).hexdigest()}")

    return {
        "browser": (our_browser, msal_browser),
        "device code": (our_device, msal_device),
        "password": (
            lambda: we_log_in("--username", user, "--password-stdin", stdin=password),
            lambda: msal_does("password", "--username", user, stdin=password),
        ),
        "sign-in by refresh token": (
            lambda: we_log_in("--refresh-token-stdin", stdin=sandbox.refresh_token()),
            lambda: msal_does("refresh-token", stdin=sandbox.refresh_token()),
        ),
        "refresh": (we_refresh, lambda: msal_does("forced", "--username", user)),
    }


def recorded(bed, act):
    """The requests to Entra ID while `act` runs."""
    bed.sandbox.forget()
    act()
    return bed.sandbox.requests()


def explained(reasons, found):
    """Fails for a difference without a reason, and for a reason without a difference."""
    names = [difference.name for difference in found]
    unknown = [f"no reason for `{one.name}` ({one.detail})" for one in found if one.name not in reasons]
    stale = [f"no such difference: `{name}`" for name in reasons if name not in names]
    check(not unknown and not stale, "\n".join([*unknown, *stale]))
