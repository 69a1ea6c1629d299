"""Requests of two programs side by side, as the sandbox's log has them.

Compared are: which requests, in which order; method and path; query parameters and form fields, in order, with their
values; headers by name and value, in any order. Secrets, ids and lengths are only looked at for being there."""

import difflib
import itertools
import re
from dataclasses import dataclass

OURS, THEIRS = "ours alone", "msal's alone"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Asked by a browser, with a browser's headers, at an address that the program wrote.
WRITTEN = "authorize"
# Asked by a browser, whatever the program does.
OF_BROWSERS = ("login", "devicelogin")


@dataclass
class Difference:
    """Where two programs part; `name` is what a table of reasons calls it."""

    name: str
    detail: str


def differences(ours: list[dict], theirs: list[dict]) -> list[Difference]:
    """All of them, in the order of the requests."""
    ours, theirs = of_programs(ours), of_programs(theirs)
    found = []
    labels = [label(request) for request in ours], [label(request) for request in theirs]
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, *labels, autojunk=False).get_opcodes():
        if tag == "equal":
            for mine, other in zip(ours[i1:i2], theirs[j1:j2], strict=True):
                found += of_one_request(mine, other)
            continue
        found += [Difference(f"{label(request)}: {OURS}", "") for request in ours[i1:i2]]
        found += [Difference(f"{label(request)}: {THEIRS}", "") for request in theirs[j1:j2]]
    return found


def label(request: dict) -> str:
    """`POST /{tenant}/oauth2/v2.0/token`."""
    path = re.sub(r"^/(organizations|common|[0-9a-f-]{36})/", "/{tenant}/", request["path"])
    path = re.sub(r"/userrealm/.*", "/userrealm/{user}", path)
    return f"{request['method']} {path}"


def of_programs(requests: list[dict]) -> list[dict]:
    """Without what the person did; polling counts once."""
    own = [request for request in requests if request["endpoint"] not in OF_BROWSERS]
    return [next(group) for _, group in itertools.groupby(own, label)]


def of_one_request(ours: dict, theirs: dict) -> list[Difference]:
    named = ours["endpoint"]
    found = [] if ours["path"] == theirs["path"] else [differs(f"{named}: path", theirs["path"], ours["path"])]
    found += of_fields(f"{named}: query", ours["query"], theirs["query"])
    found += of_fields(f"{named}: form", ours["form"], theirs["form"])
    if ours["endpoint"] != WRITTEN:
        mine, other = dict(ours["headers"]), dict(theirs["headers"])
        found += of_values(f"{named}: header", mine, other)
    return found


def of_fields(named: str, ours: list, theirs: list) -> list[Difference]:
    mine, other = dict(ours), dict(theirs)
    found = of_values(named, mine, other)
    common = [[name for name, _ in fields if name in mine and name in other] for fields in (ours, theirs)]
    if common[0] != common[1]:
        found.append(differs(f"{named}: order", common[1], common[0]))
    return found


def of_values(named: str, ours: dict[str, str], theirs: dict[str, str]) -> list[Difference]:
    found = []
    for name in dict.fromkeys([*theirs, *ours]):
        if name not in ours:
            found.append(Difference(f"{named} {name}: {THEIRS}", theirs[name]))
        elif name not in theirs:
            found.append(Difference(f"{named} {name}: {OURS}", ours[name]))
        elif plain(name, ours[name]) != plain(name, theirs[name]):
            found.append(differs(f"{named} {name}", theirs[name], ours[name]))
    return found


def differs(name: str, theirs: object, ours: object) -> Difference:
    return Difference(f"{name}: other value", f"msal's {theirs!r}, ours {ours!r}")


def plain(name: str, value: str) -> str:
    """What is compared of a value."""
    if value.startswith("sha256:"):
        return "(a secret)"
    if name == "client-request-id" and UUID.fullmatch(value):
        return "(an id)"
    if name in ("content-length", "code_challenge"):
        return "(it is other each time)"
    return re.sub(r"^http://localhost:\d+", "http://localhost:(a port)", value)
