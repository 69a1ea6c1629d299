"""Chromium, headless: a real browser opens our address, fills in the sign-in page, and ends at our pages."""

import json
import re
import shutil
import urllib.parse

from harness import our_login
from harness.catalogue import HERE
from harness.errors import check, check_equal

INSTALLS = ["chromium", "puppeteer"]
PROGRAM = HERE / "programs/chromium_signs_in.mjs"


def run(bed):
    chromium = Chromium(bed)
    sandbox = bed.sandbox
    authority = ["--authority-host", sandbox.authority, "--tenant", sandbox.tenant]

    def signs_in(*arguments, **options):
        """What Chromium saw in the end, and what `login` said."""
        seen = []

        def visits(url):
            seen.append(chromium.visits(url, **options))

        ran = our_login.by_browser(bed, visits, *authority, *arguments, status=5 if options.get("cancels") else 0)
        return seen[0], ran

    with bed.case("it signs in, answered by form_post: no code in its address bar, a page without script or link"):
        seen, _ = signs_in(picture="1-success-form_post")
        is_ours(seen)
        check("code" not in urllib.parse.urlsplit(seen["url"]).query, f"the address bar shows a code: {seen['url']}")
        takes_our_token(bed)
    with bed.case("it signs in, answered by a redirect's query"):
        bed.entra("logout", "--all")
        seen, _ = signs_in("--response-mode", "query", picture="2-success-query")
        is_ours(seen)
        takes_our_token(bed)
    with bed.case("it looks at the redirect address before it signs in: `login` waits on, and then ends well"):
        bed.entra("logout", "--all")
        seen, _ = signs_in(strays=["/", "/favicon.ico?x=1", "/?error=access_denied&state=x"], stray_picture="3-stray")
        check_equal("how many strays were answered", len(seen["before"]), 3)
        takes_our_token(bed)
    with bed.case("it cancels: our page says so, and `login` ends with exit 5"):
        seen, ran = signs_in(cancels=True, picture="4-cancelled")
        is_ours(seen, status=400)
        check("AADSTS65004" in ran.stderr, f"no AADSTS65004 in:\n{ran.stderr}")
    with bed.case("it types a device code"):
        bed.entra("logout", "--all")
        sandbox.behaves(device_interval=1)
        our_login.by_device_code(bed, lambda page, code: chromium.visits(page, user_code=code), *authority)
        takes_our_token(bed)


class Chromium:
    """The browser, with a profile that trusts the sandbox."""

    def __init__(self, bed):
        self.bed = bed
        self.home = bed.folder / "chromium"
        store = self.home / ".pki/nssdb"
        store.mkdir(parents=True)
        bed.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"])
        bed.run(["certutil", "-A", "-d", f"sql:{store}", "-t", "C,,", "-n", "sandbox", "-i", bed.sandbox.ca_file])

    def visits(self, url, strays=(), **more):
        """Signs in at `url`; before, looks at the addresses `strays` of the redirect's server."""
        job = {
            "modules": str(self.bed.installs["puppeteer"] / "node_modules"),
            "chromium": shutil.which("chromium"),
            "home": str(self.home),
            "pictures": str(self.bed.pictures),
            "url": url,
            "user": self.bed.sandbox.user,
            "password": self.bed.sandbox.password(self.bed.sandbox.user),
            **more,
        }
        if strays:
            [back] = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["redirect_uri"]
            job["strays"] = [back + path for path in strays]
        return self.bed.run(["node", PROGRAM, json.dumps(job)]).json()


def is_ours(seen, status=200):
    """The page at which the browser ended: readable, and nothing else."""
    check(re.match(r"http://localhost:\d+/", seen["url"]), f"the browser ended at {seen['url']}")
    check(seen["title"] and seen["text"].strip(), f"an empty page: {seen}")
    check_equal("its language", seen["language"], "en")
    check_equal("styles that the browser applies", seen["styles"], 1)
    check(seen["widest"] < 200, f"a mark of {seen['widest']} pixels fills the page")
    check_equal("scripts and links on it", (seen["scripts"], seen["links"]), (0, 0))
    complaints = [f"Failed to load resource: the server responded with a status of {status} (Bad Request)"]
    check_equal("what the browser complains about", seen["complaints"], complaints if status == 400 else [])


def takes_our_token(bed):
    bed.sandbox.takes(bed.entra("get", "-o", "token").stdout.strip())
