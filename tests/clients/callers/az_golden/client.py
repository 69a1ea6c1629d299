"""az, the real one, as golden master: each command in each form gives its bytes, or the difference has a reason."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import golden_cases as cases  # noqa: E402  beside this file
from golden_pair import Pair  # noqa: E402

from harness import installs  # noqa: E402
from harness.errors import check, check_equal  # noqa: E402

INSTALLS = ["azure-cli"]
SECONDS = 600


def run(bed):
    sandbox = bed.sandbox
    nobody = Pair(bed, "nobody")
    with bed.case("a process that is forked after az's imports gives the bytes of one that is not"):
        version = f"azure-cli {nobody.az('version').json()['azure-cli']}"
        check_equal("the version", version, installs.version("azure-cli", "azure-cli"))
        pair = Pair(bed, "ana")
        pair.knows_the_sandbox()
        pair.signs_in()
        for line in cases.SAMPLE:
            check_equal(line, pair.az(line), pair.az.by_itself(line))

    def compared(pair, name):
        rows = cases.rows(name, sandbox)
        deviate = sum(bool(row.deviations) for row in rows)
        with bed.case(f"{name}: {len(rows)} commands, {deviate} of them with a difference that has its reason"):
            wrong = [told for row in rows for told in pair.compared(row)]
            check(not wrong, "\n".join(wrong))

    compared(nobody, "nobody is signed in")
    for name in cases.SIGNED_IN:
        compared(pair, name)
    with bed.case("local time is that of the process, in UTC, Tokyo and New York"):
        pair.tells_the_time()
    for code in cases.REFUSALS:
        pair.signs_in()
        sandbox.control("POST", "refusals", {"code": code, "times": "always"})
        compared(pair, f"AADSTS{code}")
        sandbox.control("DELETE", "refusals")
    pair.signs_in()
    sandbox.control("POST", "revoke", {"user": sandbox.user})
    compared(pair, "the sign-in was revoked")
    for name, fault in cases.FAULTS.items():
        pair.signs_in()
        sandbox.control("POST", "faults", {**fault, "times": "always"})
        compared(pair, name)
        sandbox.control("DELETE", "faults")
    pair.signs_in()
    compared(pair, "signing out")
    nothing = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": '{"value": []}'}
    sandbox.control("POST", "faults", {"kind": "status", "path": "/subscriptions", "times": "always", **nothing})
    compared(pair, "no subscription")
    sandbox.control("DELETE", "faults")
    with bed.case(f"each of the {len(cases.DEVIATIONS)} reasons has a command that shows it"):
        check_equal("reasons without a command", sorted(cases.DEVIATIONS.keys() - cases.used(sandbox)), [])
