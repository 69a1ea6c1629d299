"""Runs under the interpreter that has azure-identity: asks one credential for a token, told as JSON."""

import argparse
import asyncio
import importlib
import json

import azure.identity
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

# What the last credential of a chain hands out.
LAST = "from-the-next-credential"


class Next:
    """A credential that always has a token."""

    def get_token(self, *_scopes, **_options):
        return AccessToken(LAST, 0)


class NextLater(Next):
    """The same, to be awaited."""

    async def get_token(self, *_scopes, **_options):
        return super().get_token()


def credential(words):
    """That of this name; `Chain:NAME` is one with another behind it."""
    module = importlib.import_module("azure.identity.aio" if words.aio else "azure.identity")
    chained, _, name = words.credential.rpartition(":")
    options = {"tenant_id": words.constructed_tenant} if words.constructed_tenant else {}
    made = getattr(module, name)(**options)
    return module.ChainedTokenCredential(made, NextLater() if words.aio else Next()) if chained else made


def token(words):
    """A token, as an SDK's client asks for one."""
    wish = {name: value for name in ("tenant_id", "claims") if (value := getattr(words, name))}
    asked = credential(words)
    if not words.aio:
        return asked.get_token(words.scope, **wish)

    async def later():
        return await asked.get_token(words.scope, **wish)

    return asyncio.run(later())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("credential")
    parser.add_argument("scope")
    parser.add_argument("--aio", action="store_true")
    parser.add_argument("--constructed-tenant")
    parser.add_argument("--tenant-id")
    parser.add_argument("--claims")
    words = parser.parse_args()
    told = {"version": f"azure-identity {azure.identity.__version__}"}
    try:
        got = token(words)
        told |= {"token": got.token, "expires_on": got.expires_on}
    except ClientAuthenticationError as why:
        told |= {"error": type(why).__name__, "message": str(why)}
    print(json.dumps(told))


main()
