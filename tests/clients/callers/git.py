"""git: clones and pushes over smart HTTP with tokens in place of passwords; a refused one is replaced."""

import os
import subprocess
from pathlib import Path

from harness.errors import check, check_equal
from harness.guarded import Answer, Asked, Guarded

INSTALLS = ["openssl", "git"]


def run(bed):
    repositories = bed.folder / "repositories"
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, Backend(repositories))
    git = Git(bed, server)
    git("init", "--bare", "--quiet", repositories / "api.git")
    git("config", "--global", "http.sslCAInfo", server.ca_file)
    # A helper that everybody has heard of, and that keeps in clear whatever it is told.
    git("config", "--global", "credential.helper", "store")
    git("config", "--global", f"credential.{server.url}.helper", "")
    git("config", "--global", "--add", f"credential.{server.url}.helper", f"!{bed.entra_token} as git")
    server.takes_the_held_token()
    with bed.case(f"{git('--version').stdout.strip()}: clones, commits and pushes"):
        git("clone", "--quiet", f"{server.url}/api.git", "api")
        author = ["-c", "user.name=Ana", "-c", "user.email=ana@contoso.example"]
        git("-C", "api", *author, "commit", "--quiet", "--allow-empty", "--message", "first")
        git("-C", "api", "push", "--quiet", "origin", "HEAD:main")
        head = git("-C", "api", "rev-parse", "HEAD").stdout
        check(head.strip() in git("ls-remote", f"{server.url}/api.git").stdout, "the push did not arrive")
    with bed.case("it sends the token in the way that it knows"):
        wanted = "Bearer" if git.knows_bearer() else "Basic"
        check_equal("the schemes", set(server.schemes), {None, wanted})
    with bed.case("no other helper was told of the token"):
        check(not (bed.home / ".git-credentials").exists(), "git-credential-store has it")
    with bed.case("a token that the host refuses is replaced, and the next command succeeds"):
        server.token = "another"
        git("ls-remote", f"{server.url}/api.git", status=128)
        check(server.takes_the_held_token() != "another", "a token is held")
        git("ls-remote", f"{server.url}/api.git")
    with bed.case("`link --git`: for Azure Repos it asks us, and for others not"):
        git.entra("link", "--git")
        filled = git("credential", "fill", stdin="protocol=https\nhost=dev.azure.com\n\n", status=128)
        check("entra-token" in filled.stderr, filled.stderr)
        other = git("credential", "fill", stdin="protocol=https\nhost=github.com\n\n", status=128)
        check("entra-token" not in other.stderr, other.stderr)
    server.close()


class Git:
    """git as a person runs it, without a terminal."""

    def __init__(self, bed, server: Guarded) -> None:
        self.bed = bed
        self.environment = server.environment(GIT_TERMINAL_PROMPT="0", GIT_CONFIG_NOSYSTEM="1")

    def __call__(self, *arguments, **options):
        return self.bed.run(["git", *arguments], env=self.environment, **options)

    def entra(self, *arguments):
        return self.bed.entra(*arguments, env=self.environment)

    def knows_bearer(self) -> bool:
        major, minor = self("--version").stdout.split()[2].split(".")[:2]
        return (int(major), int(minor)) >= (2, 46)


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
