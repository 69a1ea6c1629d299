"""Cargo: a crate of a sparse registry that wants a token, by the credential provider protocol."""

import hashlib
import io
import json
import subprocess
import tarfile
from pathlib import Path

from harness import programs
from harness.errors import check
from harness.guarded import Answer, Guarded

INSTALLS = ["openssl"]


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    registry = Registry()
    server = Guarded(bed, registry)
    registry.url = server.url
    cargo = program()
    project = bed.home / "project"
    (project / "src").mkdir(parents=True)
    (project / "src/lib.rs").write_text("")
    (project / "Cargo.toml").write_text(
        '[package]\nname = "project"\nversion = "0.1.0"\nedition = "2021"\n\n'
        '[dependencies]\ndemo = { version = "1", registry = "core" }\n'
    )
    (project / ".cargo").mkdir()
    (project / ".cargo/config.toml").write_text(
        f'[registries.core]\nindex = "sparse+{server.url}/index/"\ncredential-provider = "{bed.entra_token}"\n'
    )
    environment = server.environment(CARGO_HOME=bed.home / ".cargo", CARGO_HTTP_CAINFO=server.ca_file)
    environment["PATH"] = f"{cargo.parent}:{environment['PATH']}"
    server.takes_the_held_token()

    def runs(*words, **options):
        return bed.run([cargo, *words], env=environment, cwd=project, **options)

    with bed.case(f"{runs('--version').stdout.strip()}: resolves and fetches a crate"):
        runs("fetch")
        check("demo" in (project / "Cargo.lock").read_text(), "the crate is not in the lock file")
        check("Bearer" in server.schemes, f"it sent {server.schemes}")
    with bed.case("nobody signed in: cargo fails, and the sign-in command is shown"):
        bed.entra("logout", "--all")
        (project / "Cargo.lock").unlink()
        refused = runs("generate-lockfile", status=101)
        check("entra-token login" in refused.stderr, refused.stderr)
    server.close()


def program() -> Path:
    """Cargo itself, not rustup's stand-in, which looks for its toolchains in the home folder."""
    found = subprocess.run(["rustup", "which", "cargo"], capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return Path(found.stdout.strip())
    folders = programs.folders_of("cargo")
    check(folders, "there is no cargo on PATH")
    return folders[0] / "cargo"


class Registry:
    """A sparse registry with one crate of one version."""

    url = ""

    def __init__(self) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            files = {"Cargo.toml": '[package]\nname = "demo"\nversion = "1.0.0"\n', "src/lib.rs": ""}
            for name, text in files.items():
                entry = tarfile.TarInfo(f"demo-1.0.0/{name}")
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        self.crate = packed.getvalue()

    def __call__(self, asked) -> Answer:
        if asked.path == "/index/config.json":
            return Answer(json.dumps({"dl": f"{self.url}/crates", "auth-required": True}).encode())
        if asked.path == "/index/de/mo/demo":
            line = {"name": "demo", "vers": "1.0.0", "deps": [], "features": {}, "yanked": False}
            line["cksum"] = hashlib.sha256(self.crate).hexdigest()
            return Answer(json.dumps(line).encode())
        if asked.path == "/crates/demo/1.0.0/download":
            return Answer(self.crate)
        return Answer(b"not here", 404)
