"""npm's oidc-provider in Entra's layout: a judge of our requests that we did not write."""

import hashlib
import json
import urllib.parse
import urllib.request
from pathlib import Path

from harness import our_login
from harness.certificates import Certificates
from harness.errors import check, check_equal
from harness.person import Person

INSTALLS = ["oidc-provider", "openssl"]
SERVER = Path(__file__).parent / "server.mjs"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def run(bed):
    judge = Judge(bed)
    login = ["--authority-host", judge.authority, "--tenant", judge.tenant]
    for mode in ("form_post", "query"):
        with bed.case(f"it signs us in by browser, answered by {mode}, and takes the refresh that follows"):
            # It gives a refresh token to those only who ask for consent (OpenID Connect Core §11).
            how = ["--prompt", "consent", "--response-mode", mode]
            our_login.by_browser(bed, judge.person.visits, *how, *login, env=judge.environment)
            judge.refreshes()
    with bed.case("it signs us in by the browser that we open"):
        ours = {**judge.environment, "BROWSER": bed.browser(ca_file=judge.ca_file)}
        bed.entra("login", "--browser", "--prompt", "consent", *login, env=ours)
        judge.refreshes()
    with bed.case("it signs us in by device code: pending, then done"):
        our_login.by_device_code(bed, judge.lets_wait, *login, env=judge.environment)
        judge.refreshes()
    first = judge.refresh_token()
    with bed.case("it discovers us, and takes a refresh token that it gave to somebody else's device flow"):
        bed.entra("login", "--refresh-token-stdin", *login, stdin=first, env=judge.environment)
    with bed.case("it rotates the refresh token five times, and sees none used twice"):
        tokens = [judge.token()]
        for _ in range(5):
            tokens.append(judge.token("--rejected", fingerprint(tokens[-1])))
        check_equal("the number of different tokens", len(set(tokens)), 6)
        check_equal("grants revoked for reuse", judge.revoked(), 0)
    with bed.case("it revokes the grant when somebody else uses an old one: we ask for a sign-in, exit 4"):
        judge.posts("token", status=400, grant_type="refresh_token", refresh_token=first)
        check_equal("grants revoked for reuse", judge.revoked(), 1)
        refused = bed.entra("get", "--rejected", fingerprint(tokens[-1]), env=judge.environment, status=4)
        check("entra-token login" in refused.stderr, f"no remedy in:\n{refused.stderr}")


def fingerprint(token):
    return f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


class Judge:
    """A running oidc-provider, and somebody who has an account there."""

    tenant = "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3"
    client_id = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    scope = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default offline_access openid profile"

    def __init__(self, bed):
        self.bed = bed
        certificates = Certificates(bed)
        self.ca_file = str(certificates.ca)
        self.environment = bed.environment(SSL_CERT_FILE=certificates.ca)
        modules = bed.installs["oidc-provider"] / "node_modules"
        self.server = bed.start(["node", SERVER, modules, certificates.key, certificates.leaf, self.tenant])
        self.authority = f"https://localhost:{json.loads(self.server.says('{.*}')[0])['port']}"
        self.person = Person("ana@contoso.example", "a password", certificates.ca, bed.log)

    def refresh_token(self):
        """By the device flow, without us."""
        begun = self.posts("devicecode", scope=self.scope)
        self.person.visits(begun["verification_uri"], begun["user_code"])
        return self.posts("token", grant_type=DEVICE, device_code=begun["device_code"])["refresh_token"]

    def posts(self, endpoint, status=200, **fields):
        data = urllib.parse.urlencode({"client_id": self.client_id, **fields}).encode()
        url = f"{self.authority}/{self.tenant}/oauth2/v2.0/{endpoint}"
        answer = self.person.opened(urllib.request.Request(url, data=data))
        check_equal("the status", answer.status, status)
        return json.load(answer)

    def lets_wait(self, page, code):
        """Types the code once somebody has asked too early."""
        self.server.says("authorization_pending")
        self.person.visits(page, code)

    def refreshes(self):
        held = self.token()
        check(self.token("--rejected", fingerprint(held)) != held, "it gave the same token again")

    def token(self, *more):
        return self.bed.entra("get", "-o", "token", *more, env=self.environment).stdout.strip()

    def revoked(self):
        """How many grants it has taken back."""
        return self.server.said().count("grant.revoked")
