"""Tokens that have run out, as a program finds them after a night, or are about to."""

import json
import time

from .bed import Bed


def expire(bed: Bed, *scopes: str) -> None:
    """The tokens that are held are for `scopes`, and over; those that come next live as long as usual."""
    usual = bed.sandbox.control("GET", "settings")["lifetime"]
    for file in (bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
        file.unlink()
    bed.sandbox.behaves(lifetime=1)
    ends = [bed.entra("get", "--scope", scope).json()["expires_on"] for scope in scopes]
    bed.sandbox.behaves(lifetime=usual)
    while time.time() <= max(ends):
        time.sleep(0.05)
    bed.sandbox.forget()


def mature(bed: Bed) -> None:
    """The tokens that are held were minted more than a minute ago, so that one that ends soon is not good enough any more."""
    for file in (bed.home / ".entra-token/v1/logins").glob("*/token-*.json"):
        held = json.loads(file.read_text())
        held["token"]["obtained_ms"] -= 61_000
        file.write_text(json.dumps(held))
