"""msal, of today and of the query era: signs in to the sandbox in every way, and refreshes from it."""

from harness.errors import check, check_equal
from harness.msal import DEVICE, Msal

INSTALLS = ["msal", "msal-query-era"]


def run(bed):
    for install in INSTALLS:
        proves(bed, Msal(bed, install))
        bed.sandbox.control("POST", "reset")


def proves(bed, msal):
    """All cases with the msal of one install."""
    with bed.case(f"{msal.name}: a refresh token is redeemed"):
        answer = msal.signs_in("refresh-token", stdin=bed.sandbox.refresh_token())
        check_equal("who is signed in", [account["username"] for account in answer["accounts"]], [bed.sandbox.user])
        check_equal("the version", answer["version"], msal.name.removeprefix("msal "))
    with bed.case(f"{msal.name}: a person signs in by browser, answered by {msal.response_mode}"):
        msal.signs_in("browser", env=bed.environment(BROWSER=bed.browser()))
        [asked] = bed.sandbox.requests("authorize")
        check_equal("the response mode", dict(asked["query"]).get("response_mode", "query"), msal.response_mode)
    with bed.case(f"{msal.name}: a person signs in by device code"):
        bed.sandbox.behaves(device_interval=1)
        waiting = bed.start(msal.command("device"))
        bed.person().visits(*waiting.says(DEVICE).groups())
        msal.works(waiting.finish().json())
    with bed.case(f"{msal.name}: a person signs in by password, after the user realm"):
        bed.sandbox.forget()
        msal.signs_in("password", "--username", bed.sandbox.user, stdin=bed.sandbox.password(bed.sandbox.user))
        asked = [request["endpoint"] for request in bed.sandbox.requests()]
        check_equal("what was asked", asked, ["openid_configuration", "user_realm", "token"])
    with bed.case(f"{msal.name}: a policy wants a second factor: AADSTS50076, with the claims to ask again"):
        bed.sandbox.control("POST", "policies", {"name": "second factor", "demand": "mfa"})
        user = bed.sandbox.user
        result = msal.asks("password", "--username", user, stdin=bed.sandbox.password(user))["result"]
        bed.sandbox.control("DELETE", "policies")
        check_equal("the error", (result["error"], result["error_codes"]), ("invalid_grant", [50076]))
        check_equal("the suberror", result["suberror"], "basic_action")
        check("capolids" in result["claims"], f"no policy is named: {result}")
    with bed.case(f"{msal.name}: a silent call is served from msal's cache, without a request"):
        bed.sandbox.forget()
        check_equal("the token's source", msal.signs_in("silent")["result"]["token_source"], "cache")
        check_equal("what the token endpoint was asked", bed.sandbox.requests("token"), [])
    with bed.case(f"{msal.name}: a forced silent call refreshes, and once more with what that brought"):
        for _ in range(2):
            check_equal("the token's source", msal.signs_in("forced")["result"]["token_source"], "identity_provider")
    with bed.case(f"{msal.name}: a revoked refresh token is invalid_grant, AADSTS50173"):
        bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
        result = msal.asks("forced")["result"]
        check_equal("the error", (result["error"], result["error_codes"]), ("invalid_grant", [50173]))
