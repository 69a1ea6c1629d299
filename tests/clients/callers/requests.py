"""Our requests beside msal's, field by field: every difference has a reason here, and every reason a difference."""

import hashlib

from harness.compare import OURS, THEIRS, differences
from harness.errors import check
from harness.msal import Msal

INSTALLS = ["msal"]

# What is different in each request for a token.
TOKEN = {
    "token: header user-agent: other value": "each says its own name",
    f"token: header accept-encoding: {THEIRS}": "an answer of 5 KB is not worth a decompressor that a server could abuse",
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
    "openid-configuration: header user-agent: other value": "each says its own name",
    "openid-configuration: header accept: other value": "we say that we want JSON",
    f"openid-configuration: header accept-encoding: {THEIRS}": "as for tokens",
    f"openid-configuration: header connection: {THEIRS}": "as for tokens",
    f"openid-configuration: header client-request-id: {OURS}": "whatever fails, support can find it",
}

NOT_DISCOVERED = {
    f"GET /{{tenant}}/v2.0/.well-known/openid-configuration: {THEIRS}": "the endpoints are kept since the sign-in",
}

REASONS = {
    "sign-in by refresh token": {**DISCOVERED, **TOKEN},
    "refresh": {
        **NOT_DISCOVERED,
        **TOKEN,
        f"token: header x-anchormailbox: {THEIRS}": "optional; a hint for Entra's routing",
        f"token: form claims: {THEIRS}": "no capability is declared (msal's caller declares CP1): tokens stay short-lived",
    },
}


def run(bed):
    for flow, (ours, theirs) in flows(bed).items():
        with bed.case(f"{flow}: {len(REASONS[flow])} differences, each with its reason"):
            explained(REASONS[flow], differences(recorded(bed, ours), recorded(bed, theirs)))


def flows(bed):
    """By name, how we do it and how msal does it."""
    sandbox, msal = bed.sandbox, Msal(bed, "msal")
    authority = ["--authority-host", sandbox.authority, "--tenant", sandbox.tenant]

    def we_log_in(way, **options):
        return bed.entra("login", way, *authority, **options)

    def msal_does(way, **options):
        return msal.signs_in(way, authority=sandbox.tenant, **options)

    def we_refresh():
        held = bed.entra("get", "-o", "token").stdout.strip()
        bed.entra("get", "--rejected", f"sha256:{hashlib.sha256(held.encode()).hexdigest()}")

    return {
        "sign-in by refresh token": (
            lambda: we_log_in("--refresh-token-stdin", stdin=sandbox.refresh_token()),
            lambda: msal_does("refresh-token", stdin=sandbox.refresh_token()),
        ),
        "refresh": (we_refresh, lambda: msal_does("forced")),
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
