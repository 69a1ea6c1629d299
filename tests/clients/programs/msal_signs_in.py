"""Runs under the interpreter that has msal: one sign-in or refresh as any program would do it, told as JSON."""

import argparse
import json
import sys
from pathlib import Path

import msal
from msal_extensions import FilePersistence, PersistedTokenCache

SCOPES = ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--authority", required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--username")
    words = parser.parse_args()
    app = msal.PublicClientApplication(
        words.client_id,
        authority=words.authority,
        instance_discovery=False,
        client_capabilities=["CP1"],
        token_cache=PersistedTokenCache(FilePersistence(str(words.cache))),
    )
    result = WAYS[words.way](app, words)
    json.dump({"version": msal.__version__, "accounts": app.get_accounts(), "result": result}, sys.stdout)


def by_refresh_token(app, _words):
    return app.acquire_token_by_refresh_token(sys.stdin.readline().strip(), SCOPES)


def silent(app, words, force=False):
    [account] = app.get_accounts(words.username)
    return app.acquire_token_silent_with_error(SCOPES, account, force_refresh=force)


def forced(app, words):
    return silent(app, words, force=True)


def interactive(app, words):
    return app.acquire_token_interactive(SCOPES, login_hint=words.username, timeout=60)


def device(app, _words):
    flow = app.initiate_device_flow(SCOPES)
    if "user_code" not in flow:
        return flow
    print(flow["message"], file=sys.stderr, flush=True)
    return app.acquire_token_by_device_flow(flow)


def password(app, words):
    return app.acquire_token_by_username_password(words.username, sys.stdin.readline().rstrip("\n"), SCOPES)


WAYS = {
    "browser": interactive,
    "device": device,
    "password": password,
    "refresh-token": by_refresh_token,
    "silent": silent,
    "forced": forced,
}

if __name__ == "__main__":
    main()
