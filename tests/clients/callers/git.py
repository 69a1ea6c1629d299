"""git, in both dialects: clones and pushes over smart HTTP with our token; a refused one is replaced."""

import os
import subprocess
from pathlib import Path

from harness.elsewhere import Elsewhere
from harness.errors import check, check_equal
from harness.guarded import Answer, Asked, Guarded

INSTALLS = ["openssl", "git", "newer-git"]


def run(bed):
    repositories = bed.folder / "repositories"
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, Backend(repositories))
    newer = Elsewhere(bed, bed.installs["newer-git"])
    git = Git(bed, server)
    git("init", "--bare", "--quiet", "--initial-branch=main", repositories / "api.git")
    git("config", "--global", "http.sslCAInfo", server.ca_file)
    # A helper that everybody has heard of, and that keeps in clear whatever it is told.
    git("config", "--global", "credential.helper", "store")
    git("config", "--global", f"credential.{server.url}.helper", "")
    git("config", "--global", "--add", f"credential.{server.url}.helper", f"!{bed.entra_token} as git")
    asks_us(bed, server, git, "Basic" if git.version() < (2, 46) else "Bearer")
    git = Git(bed, server, newer)
    check(git.version() >= (2, 46), "it is not newer")
    asks_us(bed, server, git, "Bearer")
    server.close()


def asks_us(bed, server, git, scheme):
    """All that one git proves."""
    server.takes_the_held_token()
    server.schemes.clear()
    named = ".".join(str(number) for number in git.version())
    clone = f"clone-{named}"
    with bed.case(f"git {named}: clones, commits and pushes, with {scheme}"):
        git("clone", "--quiet", f"{server.url}/api.git", clone)
        author = ["-c", "user.name=Ana", "-c", "user.email=ana@contoso.example"]
        git("-C", clone, *author, "commit", "--quiet", "--allow-empty", "--message", named)
        git("-C", clone, "push", "--quiet", "origin", "HEAD:main")
        head = git("-C", clone, "rev-parse", "HEAD").stdout
        check(head.strip() in git("ls-remote", f"{server.url}/api.git").stdout, "the push did not arrive")
        check_equal("the schemes", set(server.schemes), {None, scheme})
    with bed.case(f"git {named}: no other helper was told of the token"):
        check(not (bed.home / ".git-credentials").exists(), "git-credential-store has it")
    with bed.case(f"git {named}: a token that the host refuses is replaced, and the next command succeeds"):
        held = server.token
        server.token = "another"
        git("ls-remote", f"{server.url}/api.git", status=128)
        check(server.takes_the_held_token() != held, "the refused token is held still")
        git("ls-remote", f"{server.url}/api.git")
    with bed.case(f"git {named}: after `link --git` it asks us for Azure Repos, and for others not"):
        git.entra("link", "--git")
        filled = git("credential", "fill", stdin="protocol=https\nhost=dev.azure.com\n\n", status=None)
        check("entra-token" in filled.stderr or "password=" in filled.stdout, filled.stderr)
        other = git("credential", "fill", stdin="protocol=https\nhost=github.com\n\n", status=128)
        check("entra-token" not in other.stderr, other.stderr)


class Git:
    """git as a person runs it, without a terminal; the computer's own, or one from elsewhere."""

    def __init__(self, bed, server: Guarded, elsewhere: Elsewhere | None = None) -> None:
        self.bed = bed
        self.elsewhere = elsewhere
        self.environment = server.environment(GIT_TERMINAL_PROMPT="0", GIT_CONFIG_NOSYSTEM="1")

    def __call__(self, *arguments, **options):
        argv = ["git", *arguments]
        if self.elsewhere:
            argv = self.elsewhere.command(self.bed.home, *argv)
        return self.bed.run(argv, env=self.environment, **options)

    def entra(self, *arguments):
        return self.bed.entra(*arguments, env=self.environment)

    def version(self) -> tuple[int, ...]:
        numbers = self("--version").stdout.split()[2].split(".")
        return tuple(int(number) for number in numbers[:3])


class Backend:
    """git's own server side, by CGI (git-http-backend(1))."""

    def __init__(self, repositories: Path) -> None:
        self.repositories = repositories

    def __call__(self, asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        variables = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.repositories),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "ana",
            "REQUEST_METHOD": asked.method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": asked.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(asked.body)),
            "HTTP_CONTENT_ENCODING": asked.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": asked.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], env=variables, input=asked.body, stdout=subprocess.PIPE, check=True
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        status = int(headers.pop("Status", "200").split()[0])
        return Answer(body, status, headers)
