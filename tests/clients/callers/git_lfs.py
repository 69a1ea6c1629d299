"""git-lfs: pushes and fetches large files with our token, in both dialects of git's credential protocol."""

import hashlib
import json
import re
from pathlib import Path

from harness.elsewhere import Elsewhere
from harness.errors import check, check_equal
from harness.guarded import Answer, Asked, Guarded
from harness.smart_http import Backend, Git

INSTALLS = ["openssl", "git", "newer-debian"]
CONTENT = bytes(range(256)) * 1024


def run(bed):
    repositories = bed.folder / "repositories"
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    store = Store(Backend(repositories))
    server = Guarded(bed, store)
    store.url = f"{server.url}/api.git"
    # The link by whose name git runs us.
    links = bed.home / "bin"
    links.mkdir()
    bed.entra("link", links, "git")
    git = Git(bed, server, Elsewhere(bed, bed.installs["newer-debian"]))
    git.environment["PATH"] = f"{links}:{git.environment['PATH']}"
    git("init", "--bare", "--quiet", "--initial-branch=main", repositories / "api.git")
    for name, value in settings(server).items():
        git("config", "--global", name, value)
    named = re.match(r"git-lfs/\S+", git("lfs", "version").stdout)[0].replace("/", " ")
    server.takes_the_held_token()
    with bed.case(f"{named}, with git {git('--version').stdout.split()[2]}: pushes a large file, with Bearer"):
        pushes(git, store, CONTENT)
        check_equal("the schemes", set(server.schemes), {None, "Bearer"})
    with bed.case(f"{named}: fetches it into a clone"):
        git("clone", "--quiet", store.url, "clone")
        check_equal("the file", (bed.home / "clone/large.bin").read_bytes(), CONTENT)
        check("GET" in store.asked, f"it asked {store.asked}")
    with bed.case(f"{named}: a token that the host refuses is replaced, and the file arrives"):
        held = server.token
        server.token = "another"
        git("clone", "--quiet", store.url, "refused", status=128)
        check(server.takes_the_held_token() != held, "the refused token is held still")
        git("clone", "--quiet", store.url, "again")
        check_equal("the file", (bed.home / "again/large.bin").read_bytes(), CONTENT)
    older(bed, git, server, store, named)
    with bed.case(f"{named}: nobody signed in: it fails, and the sign-in command is shown"):
        bed.entra("logout", "--all")
        refused = git("-C", "again", "lfs", "push", "--all", "origin", status=None)
        check(refused.status != 0 and "entra-token login" in refused.stderr, refused.stderr)
    server.close()


def older(bed, git, server, store, named):
    """As with a git before 2.46, which announces no authtype."""
    with bed.case(f"{named}: with credentials in git's older dialect, as the password of Basic"):
        server.schemes.clear()
        script = bed.home / "bin/older"
        script.write_text(f'#!/bin/sh\ngrep -v "^capability" | {bed.entra_token} as git "$@"\n')
        script.chmod(0o755)
        helper = f"credential.{server.url}.helper"
        git("config", "--global", "--replace-all", helper, "")
        git("config", "--global", "--add", helper, script)
        pushes(git, store, CONTENT[::-1], "older")
        check_equal("the schemes", set(server.schemes), {None, "Basic"})


def pushes(git, store, content: bytes, clone: str = "work"):
    """A commit with `content`, which arrives in the store."""
    git("clone", "--quiet", store.url, clone)
    folder = git.bed.home / clone
    git("-C", clone, "lfs", "install", "--local")
    git("-C", clone, "lfs", "track", "*.bin")
    (folder / "large.bin").write_bytes(content)
    git("-C", clone, "add", ".gitattributes", "large.bin")
    author = ["-c", "user.name=Ana", "-c", "user.email=ana@contoso.example"]
    git("-C", clone, *author, "commit", "--quiet", "--message", "a large file")
    git("-C", clone, "push", "--quiet", "origin", "HEAD:main")
    check_equal("what arrived", store.files.get(hashlib.sha256(content).hexdigest()), content)


def settings(server: Guarded) -> dict[str, str | Path]:
    """git's configuration."""
    return {
        "http.sslCAInfo": server.ca_file,
        f"credential.{server.url}.helper": "entra",
        # As `git lfs install` writes them.
        "filter.lfs.clean": "git-lfs clean -- %f",
        "filter.lfs.smudge": "git-lfs smudge -- %f",
        "filter.lfs.process": "git-lfs filter-process",
        "filter.lfs.required": "true",
        # Otherwise it asks for locks, which nobody has here.
        f"lfs.{server.url}/api.git/info/lfs.locksverify": "false",
    }


class Store:
    """git's own server side, and beside it the LFS batch API (git-lfs, docs/api/batch.md) with a store of its own."""

    url = ""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.files: dict[str, bytes] = {}
        # Methods of the transfers.
        self.asked: list[str] = []

    def __call__(self, asked: Asked) -> Answer:
        place = asked.path.partition("?")[0].removeprefix("/api.git/info/lfs")
        if place == asked.path.partition("?")[0]:
            return self.backend(asked)
        if place == "/objects/batch":
            return self.batch(json.loads(asked.body))
        name = place.removeprefix("/objects/")
        self.asked.append(asked.method)
        if asked.method == "PUT":
            if hashlib.sha256(asked.body).hexdigest() != name:
                return Answer(b"it is another", 422)
            self.files[name] = asked.body
            return Answer()
        return Answer(self.files[name]) if name in self.files else Answer(b"not here", 404)

    def batch(self, wish: dict) -> Answer:
        """Where each file is to be sent, or is."""
        objects = []
        for wanted in wish["objects"]:
            known = wanted["oid"] in self.files
            action = {"href": f"{self.url}/info/lfs/objects/{wanted['oid']}"}
            needed = known if wish["operation"] == "download" else not known
            objects.append({**wanted, **({"actions": {wish["operation"]: action}} if needed else {})})
        body = json.dumps({"transfer": "basic", "objects": objects}).encode()
        return Answer(body, headers={"Content-Type": "application/vnd.git-lfs+json"})
