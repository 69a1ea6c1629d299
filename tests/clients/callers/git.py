"""git, in both dialects: clones and pushes over smart HTTP with our token; a refused one is replaced."""

from harness.elsewhere import Elsewhere
from harness.errors import check, check_equal
from harness.guarded import Guarded
from harness.smart_http import Backend, Git

INSTALLS = ["openssl", "git", "newer-debian"]


def run(bed):
    repositories = bed.folder / "repositories"
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, Backend(repositories))
    newer = Elsewhere(bed, bed.installs["newer-debian"])
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
