"""Go: downloads a module from a server that wants a token, by GOAUTH."""

import io
import json
import zipfile

from harness import programs
from harness.errors import check
from harness.guarded import Answer, Guarded

INSTALLS = ["openssl"]
MODULE = "demo.example/demo"


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, proxy)
    folders = programs.folders_of("go")
    check(folders, "there is no go on PATH")
    go = folders[0] / "go"
    environment = server.environment(
        GOPROXY=server.url,
        GOAUTH=f"{bed.entra_token} as goauth",
        GONOSUMDB="*",
        GOFLAGS="-modcacherw",
        GOTOOLCHAIN="local",
        GOPATH=bed.home / "go",
        GOCACHE=bed.home / "cache",
    )
    server.takes_the_held_token()
    version = bed.run([go, "env", "GOVERSION"], env=environment).stdout.strip()
    download = [go, "mod", "download", "-json", f"{MODULE}@v1.0.0"]
    with bed.case(f"{version}: a module behind a token"):
        check(bed.run(download, env=environment).json()["Zip"], "no module")
        check("Bearer" in server.schemes, f"it sent {server.schemes}")
    with bed.case("nobody signed in: the server's own refusal is reported"):
        bed.entra("logout", "--all")
        bed.run([go, "clean", "-modcache"], env=environment)
        refused = bed.run(download, env=environment, status=1)
        check("401" in refused.stdout + refused.stderr, refused.stdout)
    server.close()


def proxy(asked) -> Answer:
    """A module proxy with one module of one version (go.dev/ref/mod#goproxy-protocol)."""
    name = asked.path.rpartition("/@v/")[2]
    mod = f"module {MODULE}\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{MODULE}@v1.0.0/go.mod", mod)
        archive.writestr(f"{MODULE}@v1.0.0/demo.go", "package demo\n")
    files = {
        "v1.0.0.info": json.dumps({"Version": "v1.0.0"}).encode(),
        "v1.0.0.mod": mod,
        "v1.0.0.zip": packed.getvalue(),
    }
    return Answer(files[name]) if name in files else Answer(b"not here", 404)
